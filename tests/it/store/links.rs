//! The addresses that customers open without signing in.

use deskbell::{
    domain::ids::BookingId,
    store::{
        bookings::{Confirmed, NewHold},
        links::NewLink,
    },
};

use super::samples::{confirmation, confirmed, fresh, held, hold, minutes, nine_plus, now, opened};
use crate::support::database::each_engine;

fn link(n: u8, language: Option<&str>) -> NewLink {
    NewLink { hash: [n; 32], language: language.map(str::to_owned) }
}

#[tokio::test]
async fn a_link_is_written_with_its_booking_and_follows_it_through_every_move() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let mut before: Option<BookingId> = None;
        let mut ids = Vec::new();
        for n in 0..3_u8 {
            let wish = NewHold { replacing: before, ..hold(&salon, nine_plus(i64::from(n) * 60)) };
            let kept = held(&store, &wish).await;
            assert!(store.linked(&[n; 32]).await.unwrap().is_none(), "a hold has none");
            let mut yes = confirmation(&kept);
            yes.link = Some(link(n, Some("de")));
            let Confirmed::Confirmed { booking, .. } = store.confirm(&yes).await.unwrap() else { panic!() };
            before = Some(booking.id);
            ids.push(booking.id);
        }
        for n in 0..3_u8 {
            let linked = store.linked(&[n; 32]).await.unwrap().unwrap();
            assert_eq!((linked.booking.id, linked.appointment), (ids[2], ids[0]), "link {n}");
            assert_eq!((linked.moves, linked.language.as_deref()), (2, Some("de")));
        }
        assert!(store.linked(&[9; 32]).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_booking_from_before_there_were_links_gets_one_once() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let old = confirmed(&store, &hold(&salon, nine_plus(0))).await;
        for language in [None, Some("fr")] {
            store.add_link(salon.id, old.id, &link(1, language)).await.unwrap();
        }
        let linked = store.linked(&[1; 32]).await.unwrap().unwrap();
        assert_eq!((linked.booking.id, linked.appointment, linked.moves, linked.language), (old.id, old.id, 0, None));
        // Moved by somebody who knows no links: the old one's still leads there.
        let new = held(&store, &NewHold { replacing: Some(old.id), ..hold(&salon, nine_plus(60)) }).await;
        store.confirm(&confirmation(&new)).await.unwrap();
        let linked = store.linked(&[1; 32]).await.unwrap().unwrap();
        assert_eq!((linked.booking.id, linked.appointment, linked.moves), (new.id, old.id, 1));
    })
    .await;
}

#[tokio::test]
async fn the_holds_of_one_visitor_are_found_by_how_their_keys_begin() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let wish = |minute: i64, key: &str| NewHold { key: key.to_owned(), ..hold(&salon, nine_plus(minute)) };
        let theirs = held(&store, &wish(0, "page/0a1b/x")).await;
        held(&store, &wish(60, "page/0a1bc/x")).await;
        held(&store, &wish(120, &format!("page/{}", fresh()))).await;
        let found = store.live_holds(salon.id, "page/0a1b/", now()).await.unwrap();
        assert_eq!(found.iter().map(|hold| hold.id).collect::<Vec<_>>(), [theirs.id]);
        assert!(store.live_holds(salon.id, "page/0a1b/", now() + minutes(3)).await.unwrap().is_empty(), "it ran out");
        store.release(salon.id, theirs.id, now()).await.unwrap();
        assert!(store.live_holds(salon.id, "page/0a1b/", now()).await.unwrap().is_empty(), "it was given up");
    })
    .await;
}
