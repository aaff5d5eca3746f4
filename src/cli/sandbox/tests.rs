//! The page, as somebody at this machine uses it.

use std::net::Ipv4Addr;

use super::*;
use crate::{adapters::http::builder, testing::clock::FixedClock};

async fn sandbox() -> Sandbox {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let clock = Arc::new(FixedClock::at("2026-11-24T15:00:00Z"));
    Sandbox::start(listener, clock, &crate::testing::salon(), "http://127.0.0.1:8080").await.unwrap()
}

#[tokio::test]
async fn every_vendor_has_a_page_and_is_played_from_it() {
    let sandbox = sandbox().await;
    let client = builder().build().unwrap();
    let page = async |path: &str| client.get(format!("{}{path}", sandbox.address())).send().await.unwrap();
    let text = page("").await.text().await.unwrap();
    for vendor in ["google", "microsoft", "caldav", "calendly", "calcom"] {
        assert!(text.contains(&format!("href=\"/{vendor}\"")), "{vendor}");
        let shown = page(vendor).await;
        assert_eq!(shown.status(), 200, "{vendor}");
        assert!(shown.text().await.unwrap().contains("/add"), "{vendor}");
    }
    assert_eq!(page("nobody").await.status(), 404);

    let shelf = sandbox.microsoft.main_calendar(microsoft::ANN);
    let send = async |what: &str, fields: &[(&str, &str)]| {
        let form = client.post(format!("{}microsoft/{what}", sandbox.address())).form(fields);
        form.send().await.unwrap().status().as_u16()
    };
    let event = [("shelf", shelf.as_str()), ("title", "<b>Yoga"), ("start", "2026-12-03T10:00"), ("minutes", "30")];
    assert_eq!(send("add", &event).await, 303);
    let yoga = sandbox.microsoft.events(shelf.as_str()).into_iter().find(|event| event.title == "<b>Yoga").unwrap();
    assert_eq!(yoga.from, "2026-12-03T15:00:00Z".parse().unwrap());
    assert!(page("microsoft").await.text().await.unwrap().contains("&#60;b&#62;Yoga"));
    let moved = [("shelf", shelf.as_str()), ("id", yoga.id.as_str()), ("start", "2026-12-04T10:00"), ("minutes", "30")];
    assert_eq!(send("move", &moved).await, 303);
    assert_eq!(send("delete", &moved).await, 303);
    assert_eq!(send("delete", &moved).await, 422);
    assert_eq!(send("add", &[("title", "x"), ("start", "soon"), ("minutes", "30")]).await, 422);

    let asked = async || client.get(format!("{}/me", sandbox.microsoft.address())).send().await.unwrap().status();
    assert_eq!(asked().await, 401);
    assert_eq!(send("weather", &[("weather", "down")]).await, 303);
    assert_eq!(asked().await, 503);
    assert_eq!(send("weather", &[("weather", "well")]).await, 303);
    assert_eq!(asked().await, 401);
}

#[tokio::test]
async fn the_demo_connects_to_nobody_but_the_doubles() {
    let sandbox = sandbox().await;
    let vendors = sandbox.vendors().unwrap();
    let names: Vec<_> = vendors.iter().map(|vendor| vendor.name).collect();
    assert_eq!(names.len(), 5);
    for vendor in vendors.iter() {
        if let crate::ports::vendors::Door::Consent(consent) = &vendor.door {
            let way = crate::ports::consent::Way {
                back: "http://127.0.0.1:8080/back".to_owned(),
                verifier: Secret::new("v".repeat(43)),
            };
            assert!(consent.address(&way, "state").starts_with("http://127.0.0.1:"), "{}", vendor.name);
        }
    }
}
