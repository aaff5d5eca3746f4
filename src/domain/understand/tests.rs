//! What callers say, and what must be made of it, as tables of stories.

use super::*;
use crate::testing::salon;

fn hear(text: &str, expecting: Expecting) -> Meaning {
    understand(text, &salon(), expecting)
}

#[test]
fn scratch() {
    for line in std::fs::read_to_string("/tmp/lines.txt").unwrap().lines() {
        let (e, t) = line.split_once('|').unwrap();
        let e = match e {
            "A" => Expecting::Anything,
            "V" => Expecting::Service,
            "S" => Expecting::Staff,
            "W" => Expecting::When,
            "N" => Expecting::Name,
            "P" => Expecting::Phone,
            "Y" => Expecting::YesNo,
            "M" => Expecting::Message,
            _ => Expecting::Choice(3),
        };
        let b = salon();
        let m = understand(t, &b, e);
        let sid = |id: &ServiceId| b.services.iter().find(|s| s.id == *id).unwrap().name.clone();
        let pid = |id: &StaffId| b.staff.iter().find(|s| s.id == *id).unwrap().name.clone();
        let sv = match &m.service {
            None => String::new(),
            Some(Match::One(i)) => format!(" svc={}", sid(i)),
            Some(Match::Several(i)) => format!(" svc={:?}", i.iter().map(sid).collect::<Vec<_>>()),
            Some(Match::Unknown(u)) => format!(" svc=?{u}"),
        };
        let st = match &m.staff {
            None => String::new(),
            Some(StaffWish::NoPreference) => " staff=any".into(),
            Some(StaffWish::Named(Match::One(i))) => format!(" staff={}", pid(i)),
            Some(StaffWish::Named(Match::Several(i))) => format!(" staff={:?}", i.iter().map(pid).collect::<Vec<_>>()),
            Some(StaffWish::Named(Match::Unknown(u))) => format!(" staff=?{u}"),
        };
        let ph = match &m.phone {
            Some(SpokenNumber::Piece(p)) => format!(" phone~{p}"),
            Some(SpokenNumber::Whole(p)) => format!(" phone={p}"),
            Some(SpokenNumber::ThisOne) => " phone=this".into(),
            None => String::new(),
        };
        println!(
            "{line}\n      {:?}{sv}{st}{}{ph}{}{}{}{}",
            m.intents,
            m.name.map(|n| format!(" name={n}")).unwrap_or_default(),
            m.answer.map(|n| format!(" {n:?}")).unwrap_or_default(),
            m.choice.map(|n| format!(" choice={n:?}")).unwrap_or_default(),
            m.when.map(|n| format!(" when={n:?}")).unwrap_or_default(),
            if m.correction { " CORR" } else { "" }
        );
    }
}
