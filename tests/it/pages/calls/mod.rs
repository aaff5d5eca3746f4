//! Calls and messages: what is shown of them, and stepping into a live one.

mod live;
mod messages;
mod shown;
mod stepping_in;

use std::sync::Arc;

use deskbell::{
    domain::{
        call::{Line, Outcome, Speaker, WhyNot},
        dialogue::State,
        ids::{BusinessId, CallId},
        turn::{Asked, Called, Came, Known, Turn, What},
    },
    ports::{
        clock::Clock as _,
        journal::{Entry, Lease},
    },
    store::calls::{Claimed, NewCall},
    testing::salon,
};

use crate::support::server::TestServer;

/// A call that a test writes into the ledger itself.
pub(super) struct Written {
    pub(super) id: CallId,
    pub(super) lease: Lease,
    lines: i32,
}

impl Written {
    pub(super) async fn begin(server: &TestServer, business: BusinessId, from: Option<&str>) -> Self {
        let id = CallId(server.clock.new_id());
        let now = server.clock.now();
        let from = from.map(|number| number.parse().unwrap());
        let call = NewCall { id, business, vendor: "twilio", vendor_call: id.to_string(), from, now };
        server.state.store.ring(&call).await.unwrap();
        let claimed = server.state.store.claim_call(business, &call.vendor_call, 0, now).await.unwrap();
        let Claimed::Claimed { lease, .. } = claimed else { panic!("the first connection has the call") };
        Self { id, lease, lines: 0 }
    }

    fn entry(&mut self, server: &TestServer, said: &[(Speaker, &str)], turns: Vec<(i32, Turn)>) -> Entry {
        let line = |(speaker, text): &(Speaker, &str)| Line {
            speaker: *speaker,
            text: (*text).to_owned(),
            at: server.clock.now(),
            cut: false,
        };
        let lines: Vec<Line> = said.iter().map(line).collect();
        let first_line = self.lines;
        self.lines += i32::try_from(lines.len()).unwrap();
        let state = State { name: Some("Anna <b>Kovacs</b>".to_owned()), ..State::default() };
        Entry {
            lease: self.lease,
            at: server.clock.now(),
            state: serde_json::to_string(&state).unwrap(),
            outcome: Outcome::Answered,
            first_line,
            lines,
            turns,
            why_not: None,
            ended: false,
        }
    }

    /// Something is said; watchers of this process hear of it.
    pub(super) async fn says(&mut self, server: &TestServer, said: &[(Speaker, &str)]) {
        let entry = self.entry(server, said, Vec::new());
        Arc::clone(&server.state.journal).write(entry).await.unwrap();
    }

    /// The caller's words, with what was made of them.
    pub(super) async fn turns(&mut self, server: &TestServer, words: &str, turn: Turn) {
        let line = self.lines;
        let entry = self.entry(server, &[(Speaker::Caller, words)], vec![(line, turn)]);
        server.state.store.write_entries(&[entry]).await.unwrap();
    }

    pub(super) async fn ends(&mut self, server: &TestServer, why_not: Option<WhyNot>) {
        let entry = Entry { ended: true, why_not, ..self.entry(server, &[], Vec::new()) };
        Arc::clone(&server.state.journal).write(entry).await.unwrap();
    }

    pub(super) fn page(&self) -> String {
        format!("/b/{}/calls/{}", salon().id, self.id)
    }
}

/// A turn with something of everything.
pub(super) fn rich(server: &TestServer) -> Turn {
    let at = server.clock.now();
    Turn {
        meant: vec!["book".to_owned()],
        known: Known { service: Some("Haircut".to_owned()), time: Some(at), name: true, ..Known::default() },
        desk: vec![
            Asked { what: What::Times { from: at, to: at, near: Some(at) }, came: Some(Came::Found(3)) },
            Asked { what: What::Hold(at), came: Some(Came::Held) },
        ],
        tools: vec![Called { name: "look_up_times".to_owned(), came: "done".to_owned() }],
        first_word_ms: Some(640),
        model: "small".to_owned(),
        ..Turn::beginning(at)
    }
}

/// Ways into a page that people have found.
pub(super) const PAYLOADS: [&str; 20] = [
    "<script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "</p></li><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<math><mtext></p><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>",
    "<style>@import 'http://evil'</style>",
    "<link rel=stylesheet href=//evil>",
    "<meta http-equiv=refresh content=0;url=//evil>",
    "<form action=//evil><button>x",
    "{{constructor.constructor('alert(1)')()}}",
    "<x hx-get=/b/ hx-trigger=load>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u{202e}<object data=//evil>\r\nevent: over",
];

/// Whether markup of a payload has become markup of the page.
pub(super) fn is_clean(text: &str) -> bool {
    let bad = [
        "<script>alert",
        "<img src=x",
        "<svg/onload",
        "<iframe",
        "<a href=\"javascript",
        "<body onload",
        "<input autofocus",
        "<details open ontoggle",
        "<math",
        "<template",
        "<style>",
        "<link rel=stylesheet href=//",
        "<meta http-equiv=refresh content=0",
        "<form action=//",
        "<x hx-get",
        "<object",
    ];
    bad.iter().all(|bad| !text.contains(bad))
}
