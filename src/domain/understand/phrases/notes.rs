//! What is told so that the business knows it: an allergy, an occasion, how to get in.

use std::sync::LazyLock;

use crate::domain::understand::pattern::Phrases;

/// Words with which something to hand on begins. `false` is a decoy.
pub(in crate::domain::understand) static NOTES: LazyLock<Phrases<bool>> = LazyLock::new(|| {
    Phrases::new(&[
        (
            true,
            &[
                // Body and health.
                "i/we/she/he am/are/is * allergic",
                "i/she/he/we have/has/got a/an? * allergy/allergies",
                "allergic to",
                "i/she/he have/has got? * skin/scalp/asthma/eczema/psoriasis/diabetes/epilepsy",
                "i/she am/is * pregnant",
                "i/she/he am/is in a wheelchair",
                "i/she/he use/uses/need/needs a wheelchair",
                "i/she/he can not walk/stand/sit/climb/hear/see",
                "i/she/he have/has a bad/broken/sore/sprained",
                "i/she/he am/is deaf/blind/disabled/diabetic/autistic/vegan/vegetarian/celiac/coeliac",
                "i/she/he/we do/does not eat/tolerate",
                "i/she/he have/has had surgery",
                // Hair, and what else the work depends on.
                "my/his/her hair is",
                "i/she/he have/has very/really/quite? thick/thin/long/short/curly/sensitive/fine/colored/coloured/bleached",
                // Occasions and first visits.
                "it/that/this is my/our/his/her/for? * birthday/anniversary/wedding/graduation",
                "it/that/this is for a/the/my/our/his/her wedding/birthday/party/anniversary/interview/funeral",
                "we are celebrating",
                "it/this is/will? would? be? my/our/his/her first time/visit/appointment",
                "i/we have/has never been before/there/here/to",
                "i/we am/are a? new here/customer/client/patient",
                "i am new here/to",
                // What to do, and how to get in.
                "please note",
                "just so you know",
                "you should know",
                "please/can/could ring/use/come/knock/park/call/text * bell/door/doorbell/entrance/gate/upstairs/when/before",
                "i/we will bring/be bringing",
                "i/we am/are bringing",
                "i/we will have * with me/us",
                "please be gentle/quiet/careful/quick",
                "i/we need/prefer/want a/the? quiet/window/silent/private",
            ],
        ),
        (false, &["can/could/may i/we bring", "first time i/we/you", "first appointment/time you have/available"]),
    ])
});
