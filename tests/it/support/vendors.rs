//! Vendors on paper, as a server knows them.

use std::sync::Arc;

use deskbell::{
    ports::vendors::{Door, Kind, Vendor, Vendors},
    testing::calendar::paper::{PaperConsent, PaperDiary, PaperKeys, account},
};

/// A consent page that names itself and one that does not, a door with a key, and one that is closed.
pub(crate) struct Paper {
    pub(crate) one: Arc<PaperConsent>,
    pub(crate) two: Arc<PaperConsent>,
    pub(crate) keys: Arc<PaperKeys>,
    /// Of `one` and of `keys`.
    pub(crate) diary: Arc<PaperDiary>,
    /// Of `two`.
    pub(crate) kinds: Arc<PaperDiary>,
}

/// The key that opens the door with a key.
pub(crate) const KEY: &str = "canary-4f1c-key";

impl Paper {
    pub(crate) fn new() -> Self {
        Self {
            one: PaperConsent::at("one.example", true),
            two: PaperConsent::at("two.example", false),
            keys: PaperKeys::new(account("keys-1", "ann at home"), KEY),
            diary: PaperDiary::usual(),
            kinds: PaperDiary::of_kinds(&[("short", "Haircut", 30), ("long", "Everything", 240)]),
        }
    }

    pub(crate) fn vendors(&self) -> Vendors {
        let vendor = |name, label, kind, door| Vendor { name, label, kind, door };
        let diary = || Kind::Diary(self.diary.clone());
        Vendors::new(vec![
            vendor("paper_one", "Paper One", diary(), Door::Consent(self.one.clone())),
            vendor("paper_two", "Paper Two", Kind::Scheduler(self.kinds.clone()), Door::Consent(self.two.clone())),
            vendor("paper_keys", "Paper Keys", diary(), Door::Key(self.keys.clone())),
            vendor(
                "paper_closed",
                "Paper Closed",
                diary(),
                Door::Closed(vec![("DESKBELL_PAPER_CLIENT_ID", "the id of your app there")]),
            ),
        ])
    }
}
