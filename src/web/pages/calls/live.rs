//! A call that is live: watched, taken over, ended.

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};

use super::{
    Named, found,
    show::standing,
    view::{LineView, Standing, own_number, transcript, who},
};
use crate::{
    domain::{
        dialogue::Order,
        ids::{CallId, CommandId},
        phone::{PhoneKind, PhoneNumber},
    },
    ports::{line::Understood, live::Ordered},
    session,
    store::{
        StoreError,
        calls::{Commanded, NewCommand},
    },
    web::{
        pages::{
            access::{Access, Staff},
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{Frame, Here, root, shown, shown_as},
            notice::{Notice, then},
            say::Say,
        },
        patience::in_time,
        state::AppState,
    },
};

#[derive(Template)]
#[template(path = "pages/calls/live.html")]
struct Live {
    frame: Frame,
    page: String,
    number: String,
    status: Status,
    card: Understood,
    lines: Vec<LineView>,
    /// The number of the last line.
    last: i32,
    /// Whom to put it through to.
    form: Form,
    /// It comes from a browser: nobody can be dialled from there.
    by_browser: bool,
}

/// How the call stands, as the page says it above everything.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Template)]
#[template(path = "pages/calls/status.html")]
pub(super) struct Status {
    pub(super) live: bool,
    pub(super) since: String,
    /// What somebody has asked of it.
    pub(super) asked: Option<&'static str>,
    pub(super) page: String,
}

/// What has been understood.
#[derive(Template)]
#[template(path = "pages/calls/card.html")]
pub(super) struct Card {
    pub(super) card: Understood,
}

/// One line of what is said.
#[derive(Template)]
#[template(path = "pages/calls/line.html")]
pub(super) struct Spoken {
    pub(super) line: LineView,
}

pub(super) async fn show(
    State(state): State<AppState>,
    Staff(access): Staff,
    Named(id): Named<CallId>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let form = Form::of(Fields::default().and("number", own_number(&access.business)));
    let page = page(&state, &access, id, &headers, form).await?;
    shown(&page)
}

async fn page(state: &AppState, access: &Access, id: CallId, headers: &HeaderMap, form: Form) -> Result<Live, Fault> {
    let (business, now) = (&access.business, state.clock.now());
    let call = found(state, business, id).await?;
    let caller = [(id, call.from.clone())];
    let read = async {
        let lines = state.store.lines_from(id, 0).await?;
        let turns = state.store.turns(id).await?;
        Ok::<_, StoreError>((lines, turns, state.store.call_names(business.id, &caller).await?))
    };
    let (lines, turns, names) = in_time("reading a live call", read).await?;
    let say = Say::of(business, now);
    let card = session::card_of(business, call.state.as_deref(), now).unwrap_or_default();
    let name = names.of(id, call.from.as_ref()).or(card.name.as_deref());
    let (who, number) = who(name, call.from.as_ref(), &say);
    Ok(Live {
        frame: Frame::of(access, headers, Here::Calls, who),
        page: format!("{}/calls/{id}", root(business)),
        number,
        status: status(state, access, &call, &say).await?,
        last: lines.last().map_or(0, |(n, _)| *n),
        lines: transcript(&lines, &turns, &say),
        card,
        form,
        by_browser: call.vendor == "web",
    })
}

pub(super) async fn status(
    state: &AppState,
    access: &Access,
    call: &crate::store::calls::Call,
    say: &Say,
) -> Result<Status, Fault> {
    let live = standing(call, state.clock.now()) == Standing::Live;
    let command = if live { in_time("reading an order", state.store.command_of(call.id)).await? } else { None };
    let asked = command.map(|command| match (command.ordered.order, command.taken.is_some()) {
        (Order::PutThrough, true) => "The caller is being put through.",
        (Order::End, true) => "The caller is being told goodbye.",
        (_, false) => "Reaching the call \u{2026}",
    });
    Ok(Status {
        live,
        since: say.time(call.started),
        asked,
        page: format!("{}/calls/{}", root(&access.business), call.id),
    })
}

pub(super) async fn take_over(
    State(state): State<AppState>,
    Staff(access): Staff,
    Named(id): Named<CallId>,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    found(&state, &access.business, id).await?;
    let number = PhoneNumber::parse(typed.text("number"), &access.business.country);
    let Some(to) = number.ok().filter(|number| number.kind() != PhoneKind::Never) else {
        let why = "This is no number that can be dialled. Write it as +1 212 555 0142.";
        let form = Form::refused(typed, vec![wrong("number", why)]);
        let page = page(&state, &access, id, &headers, form).await?;
        return shown_as(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    order(&state, &access, id, Ordered { order: Order::PutThrough, to: Some(to) }).await
}

pub(super) async fn end(
    State(state): State<AppState>,
    Staff(access): Staff,
    Named(id): Named<CallId>,
) -> Result<Response, Fault> {
    found(&state, &access.business, id).await?;
    order(&state, &access, id, Ordered { order: Order::End, to: None }).await
}

async fn order(state: &AppState, access: &Access, id: CallId, ordered: Ordered) -> Result<Response, Fault> {
    let (deed, told) = match ordered.order {
        Order::PutThrough => ("call.taken_over", "The caller hears that they are being put through."),
        Order::End => ("call.ended", "The caller is being told goodbye."),
    };
    let command = NewCommand {
        id: CommandId(state.clock.new_id()),
        business: access.business.id,
        call: id,
        ordered,
        user: access.user.id,
        now: state.clock.now(),
    };
    let deed = access.deed(state, deed, id, "");
    let commanded = in_time("ordering a call", state.store.command_call(&command, &deed)).await?;
    let page = format!("{}/calls/{id}", root(&access.business));
    Ok(match commanded {
        Commanded::Written => {
            state.live.waiting().wake();
            then(&format!("{page}/live"), &Notice::good(told))
        }
        Commanded::Already => {
            then(&format!("{page}/live"), &Notice::bad("Somebody has stepped into this call already."))
        }
        Commanded::NotLive => then(&page, &Notice::bad("That call is over. Nothing was changed.")),
    })
}
