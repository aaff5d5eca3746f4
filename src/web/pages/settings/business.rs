//! What the business is called, where it is, and what its customers see.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Method},
    response::Response,
};

use super::{answered, coming, frame, some};
use crate::{
    domain::{
        business::{Brand, Business, Mistake, Zone},
        colour::Colour,
        countries::Country,
    },
    store::bookings::ahead::Of,
    web::{
        pages::{
            access::{Access, Owner},
            doors::{Doors, Need},
            edit::{self, Part},
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{Frame, root, shown_as},
            notice::{Notice, then},
        },
        state::AppState,
    },
};

const PATH: &str = "/b/{business}/settings/business";

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, PATH, Need::Owner, show).at(Method::POST, PATH, Need::Owner, save)
}

/// The colour that stands in the field before one was chosen.
const OURS: &str = "#0f5a43";

/// Name, about, address, country.
pub(super) struct Basics;

impl Part for Basics {
    const DEED: &'static str = "settings.business";

    fn fields(&self, business: &Business) -> Fields {
        Fields::default()
            .and("name", &business.name)
            .and("about", business.about.clone().unwrap_or_default())
            .and("address", business.address.clone().unwrap_or_default())
            .and("country", &business.country)
    }

    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        let mut found = Vec::new();
        let long = |name: &str, most: usize| {
            let long = typed.text(name).chars().count() > most;
            long.then(|| wrong(name, format!("at most {most} characters")))
        };
        if typed.text("name").is_empty() {
            found.push(wrong("name", "give a name, as callers know you"));
        }
        found.extend([long("name", 120), long("about", 600), long("address", 200)].into_iter().flatten());
        if Country::of(typed.text("country")).is_none() && typed.text("country") != business.country {
            found.push(wrong("country", "choose a country from the list"));
        }
        if !found.is_empty() {
            return Err(found);
        }
        typed.text("name").clone_into(&mut business.name);
        business.about = some(typed.text("about"));
        business.address = some(typed.text("address"));
        typed.text("country").clone_into(&mut business.country);
        Ok(())
    }
}

/// The time zone.
pub(super) struct TimeZone;

impl Part for TimeZone {
    const DEED: &'static str = "settings.business";

    fn fields(&self, business: &Business) -> Fields {
        Fields::default().and("zone", business.zone.name())
    }

    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        // "New York" is how people write it.
        let name = typed.text("zone").replace(' ', "_");
        let known = zones().into_iter().find(|zone| zone.eq_ignore_ascii_case(&name));
        let named = known.or_else(|| {
            let ending = format!("/{}", name.to_ascii_lowercase());
            zones().into_iter().find(|zone| !name.is_empty() && zone.to_ascii_lowercase().ends_with(&ending))
        });
        let zone = named.and_then(|name| Zone::named(&name).ok());
        business.zone =
            zone.ok_or_else(|| vec![wrong("zone", "choose a time zone from the list, such as Europe/Berlin")])?;
        Ok(())
    }
}

/// Everything on this page.
struct Whole;

impl Part for Whole {
    const DEED: &'static str = "settings.business";

    fn fields(&self, business: &Business) -> Fields {
        let mut fields = Basics.fields(business);
        for (name, value) in TimeZone.fields(business).iter() {
            fields.add(name, value);
        }
        let colour = business.brand.colour;
        fields
            .and("own_colour", if colour.is_some() { "on" } else { "" })
            .and("colour", colour.map_or_else(|| OURS.to_owned(), |colour| colour.to_string()))
            .and("public_page", if business.public_page { "on" } else { "" })
    }

    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        let mut found = Basics.apply(typed, business).err().unwrap_or_default();
        found.extend(TimeZone.apply(typed, business).err().unwrap_or_default());
        let colour = typed.is_on("own_colour").then(|| typed.text("colour").parse::<Colour>()).transpose();
        match colour {
            Ok(colour) => business.brand = Brand { colour },
            Err(_) => found.push(wrong("colour", "a colour such as #0f5a43")),
        }
        business.public_page = typed.is_on("public_page");
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

/// Every zone there is, in order.
pub(super) fn zones() -> Vec<String> {
    let named = jiff::tz::db().available().map(|name| name.to_string());
    // A place is "Area/Place"; the rest are for machines.
    let mut places: Vec<String> =
        named.filter(|name| name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("SystemV/")).collect();
    places.sort();
    places
}

/// A tone of the business's colour and where it stands.
struct Tone {
    what: &'static str,
    ground: String,
    ink: String,
}

#[derive(Template)]
#[template(path = "pages/settings/business.html")]
struct Page {
    frame: Frame,
    tab: &'static str,
    form: Form,
    countries: Vec<(&'static str, &'static str)>,
    zones: Vec<String>,
    /// The zone most people of the country live in, when it is another.
    usual_zone: Option<&'static str>,
    /// Appointments to come, when the zone typed is another than the saved one.
    moving: Option<String>,
    tones: Vec<Tone>,
    public_address: String,
}

async fn show(State(state): State<AppState>, Owner(access): Owner, headers: HeaderMap) -> Result<Response, Fault> {
    let form = Form::of(Whole.fields(&access.business));
    page(&state, &access, &headers, form, None)
}

fn page(
    state: &AppState,
    access: &Access,
    headers: &HeaderMap,
    form: Form,
    moving: Option<String>,
) -> Result<Response, Fault> {
    let colour = form.value("colour").parse::<Colour>().ok().filter(|_| form.fields.is_on("own_colour"));
    let tone = |what, ground: Colour, ink: Colour| Tone { what, ground: ground.to_string(), ink: ink.to_string() };
    let tones = colour.map(|colour| {
        vec![
            tone("Buttons", colour, colour.ink()),
            tone("Links by day", Colour::WHITE, colour.readable_on(Colour::WHITE)),
            tone("Links in dark mode", Colour::NIGHT, colour.readable_on(Colour::NIGHT)),
        ]
    });
    let usual = Country::of(form.value("country")).map(|country| country.zone);
    let page = Page {
        frame: frame(access, headers, "Business"),
        tab: "business",
        countries: countries(),
        zones: zones(),
        usual_zone: usual.filter(|zone| *zone != form.value("zone")),
        moving,
        tones: tones.unwrap_or_default(),
        public_address: format!("{}/book/{}", state.config.origin.http(), access.business.id),
        form,
    };
    shown_as(page.form.status(), &page)
}

/// Those that can be chosen.
pub(super) fn countries() -> Vec<(&'static str, &'static str)> {
    Country::all().map(|country| (country.code, country.name)).collect()
}

async fn save(
    State(state): State<AppState>,
    Owner(access): Owner,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let outcome = match zone_moves(&state, &access, &typed).await? {
        Some(told) => {
            let form = Form::refused(typed, vec![wrong("zone_moves", "please say that you have read this")]);
            return page(&state, &access, &headers, form, Some(told));
        }
        None => edit::save(&state, &access, &Whole, typed).await,
    };
    let saved = |business: Business| then(&format!("{}/settings/business", root(&business)), &Notice::good("Saved."));
    answered(outcome, saved, |form| page(&state, &access, &headers, form, None))
}

/// What another zone would mean for the appointments that were made, when nobody has said yet that they know.
pub(super) async fn zone_moves(state: &AppState, access: &Access, typed: &Fields) -> Result<Option<String>, Fault> {
    let mut changed = access.business.clone();
    let other = TimeZone.apply(typed, &mut changed).is_ok() && changed.zone != access.business.zone;
    if !other || typed.is_on("zone_moves") {
        return Ok(None);
    }
    let (count, first) = coming(state, &access.business, Of::default()).await?;
    let (_, then) = coming(state, &changed, Of::default()).await?;
    let (Some(before), Some(after)) = (first.first(), then.first()) else { return Ok(None) };
    let what = if count == 1 { "1 appointment is".to_owned() } else { format!("{count} appointments are") };
    Ok(Some(format!(
        "{what} to come. Each keeps its moment, not its time on the clock: the next one, {} in {}, will be {} in {}. If \
         customers were promised the time on the clock, move their appointments in the calendar afterwards. Opening \
         hours are read in the new zone from now on.",
        before.when,
        access.business.zone.name(),
        after.when,
        changed.zone.name(),
    )))
}
