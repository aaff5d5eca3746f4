//! Words that are said every day, and are nobody's name and no service unless something else says so.

use std::{collections::HashSet, sync::LazyLock};

pub(super) fn is_common(word: &str) -> bool {
    COMMON.contains(word)
}

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    "a about above absolutely actually afraid after afternoon again ago agree ahead ain't all almost alone \
     already alright also although always am an and another answer any anybody anymore anyone anything anyway \
     anywhere appointment appointments are aren't around as ask asked at available away back bad be beautiful \
     because been before behind being believe best better between big bit book booked booking both bring busy but \
     by bye call called caller calling calls came can cancel cannot card care case cash certainly change chance \
     check choose city clock close closed closing color come coming confirm confirmed contact cool correct cost \
     could couple course currently customer cut date day days did didn't different do does doing done don't down \
     driving during each earlier earliest early either else email enough even evening ever every everyone \
     everything exactly except excellent excuse far fast few figure fill find fine first five for forget found \
     four free friday friend from full fun gave gentleman get getting girl give glad go goes going gone good \
     goodbye got gotta great guess guest guy guys had half hang happen happy hard has have having he hear heard \
     hello help her here hey hi him his hold home hope hoping hour hours house how hungry hurry husband i idea if \
     important in information inside instead interested into is isn't it itself just kay keep kids kind knew know \
     lady last late later latest least leave left less let letter like line listen little live ll located \
     location long look looking lot lots love machine made make making man many matter may maybe me mean meant \
     meet meeting message midday might mind mine minute minutes miss moment monday month months more morning most \
     move moving much must my myself name named names need needed needs neither never new next nice night nine no \
     nobody none noon nope nor not nothing now number o'clock of off office often oh okay old on once one only \
     open opening operator option or other others our out outside over own pardon parking part pay people per \
     perfect perhaps person phone place plan please possible possibly prefer preference price probably problem \
     put question questions quick quickly quite rather ready real really reason receptionist remember repeat \
     reschedule reservation right ring robot running said same saturday saw say saying schedule second see seen \
     send sense service services seven she should show since sir sister six slot slots so some somebody someone \
     something sometime somewhere son soon sooner sorry sort sounds space speak speaking spell spelled spelling \
     spelt spot start started stay still stop stuff such suit sunday super supposed sure surname system take \
     taken taking talk talking tell ten text than thank thanks that that's the their them then there these they \
     thing things think thinking third this those though thought three through thursday time times to today \
     together tomorrow tonight too told took totally try trying tuesday twice two type um unable under understand \
     unfortunately until up us use used using usual usually very visit wait waiting walk wanna want wanted wants \
     was wasn't way we wednesday week weekend weekends weeks well went were what whatever when whenever where \
     whether which while who whoever whole whose why wife will wish with without woman won't wonderful wondering \
     won work working works worry would wouldn't write wrong yeah year years yep yes yesterday yet you your yours \
     yourself yup zero eight eleven twelve nah hmm huh mhm daughter mother mom mum dad father brother boy \
     girlfriend boyfriend partner double triple area code extension dot dash hyphen appt salon shop hair \
     insurance pleasure respect regard regards pain short notice children friends anonymous withheld private \
     nowhere business madam cheers appreciate lovely brilliant awesome correctly 's dont cant wont im ive re ve \
     able stuck sick ill fully kindly originally born retired married single unavailable returning crazy silly \
     strange ridiculous incorrect terrible terribly horrible scheduled listed allergic keen vegan vegetarian \
     satisfied intolerant known stupid idiot fuck fucking cunt shit damn hell bloody bollocks piss crap asshole \
     rude annoying angry upset disappointed confused lost tired gunna disabled deaf blind pregnant diabetic \
     elderly tue tues wed thu thur thurs fri sat sun mon jan feb mar apr jun jul aug sep sept oct nov dec january \
     february march july september october november december fourth fifth sixth seventh eighth ninth tenth pretty \
     thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty \
     ninety hundred night nights lactose gluten cover construction warranty inside table tables party terrace \
     outdoor indoor outdoors indoors dozen adult adults people colleague colleagues coworkers family families \
     urgent dunno yo whichever plus digits digit"
        .split_whitespace()
        .collect()
});
