//! Hello, goodbye, and what is said when something is wrong.

use jiff::Zoned;

use super::{French, asked::QUESTIONS, or, what};
use crate::domain::{
    booking::Booking,
    business::Business,
    call::Outcome,
    dialogue::{
        Asked, Task,
        texts::{
            Arranging, Manners, Question, ReadBack, Repair, Wish,
            pieces::{asked_among, emergency_number, first, lower, vary},
        },
    },
    time::speak::french as speak,
};

impl Manners for French {
    fn greeting(&self, business: &str) -> String {
        format!("Bonjour, vous êtes chez {business}. Que puis-je faire pour vous ?")
    }

    fn how_can_i_help(&self) -> Question {
        Question::new("Que puis-je faire pour vous ?")
    }

    fn hello(&self, name: &str) -> Question {
        Question::new("Que puis-je faire pour vous ?").after(format!("Bonjour {}.", first(name)))
    }

    fn anything_else(&self, turn: u16) -> Question {
        Question::new(vary(
            turn,
            &[
                "Puis-je faire autre chose pour vous ?",
                "Désirez-vous autre chose ?",
                "Y a-t-il autre chose que je puisse faire ?",
            ],
        ))
    }

    fn goodbye(&self, outcome: Outcome) -> String {
        match outcome {
            Outcome::Booked | Outcome::Moved => "Parfait. Au plaisir de vous voir. Au revoir !".into(),
            _ => "Merci de votre appel. Au revoir !".into(),
        }
    }

    fn unfinished_goodbye(&self, task: Task) -> String {
        let left = if task == Task::Move { "votre rendez-vous reste tel quel" } else { "rien n'est encore réservé" };
        format!("D'accord, {left}. Rappelez quand vous voulez. Au revoir !")
    }

    fn silent_goodbye(&self) -> String {
        "Je ne vous entends plus, je vais donc raccrocher. Rappelez quand vous voulez. Au revoir !".into()
    }

    fn are_you_there(&self) -> String {
        "Vous êtes toujours là ?".into()
    }

    fn still_there_again(&self) -> String {
        "Je suis toujours là.".into()
    }

    fn one_moment(&self) -> String {
        "Un instant, s'il vous plaît.".into()
    }

    fn hold_on(&self, turn: u16) -> String {
        vary(turn, &["Un instant, s'il vous plaît.", "Je regarde.", "Une seconde."])
    }

    fn say_again(&self) -> String {
        "Pardon, je le redis.".into()
    }

    fn cut_off(&self) -> String {
        "Pardon, nous avons été coupés un instant.".into()
    }

    fn too_long(&self) -> String {
        "Pardon, c'était beaucoup à la fois. Pouvez-vous le dire un peu plus court ?".into()
    }

    fn time_almost_up(&self) -> String {
        "Je vous préviens, je dois terminer cet appel dans deux minutes.".into()
    }

    fn time_up(&self) -> String {
        "Je suis désolée, je dois terminer l'appel ici. Rappelez et nous continuerons. Au revoir !".into()
    }

    fn stopping(&self) -> String {
        "Je suis désolée, je dois terminer l'appel ici. Rappelez dans une minute, s'il vous plaît. Au revoir !".into()
    }

    fn failed(&self) -> String {
        "Je suis désolée, quelque chose n'a pas marché de mon côté. Rappelez, s'il vous plaît. Au revoir !".into()
    }

    fn emergency(&self, country: &str) -> String {
        format!("Si c'est une urgence, raccrochez et appelez tout de suite le {}.", emergency_number(country))
    }

    fn sensitive(&self) -> String {
        "S'il vous plaît, ne me donnez pas de numéro de carte ou de pièce d'identité. Je n'en ai pas besoin et je ne l'ai \
         pas gardé."
            .into()
    }

    fn system_down(&self) -> Question {
        Question::new("Voulez-vous laisser un message ?")
            .after("Je suis désolée, je n'ai pas accès à l'agenda pour le moment.")
    }

    fn sorry(&self, turn: u16) -> String {
        vary(turn, &["Pardon, je n'ai pas compris.", "Pardon, je n'ai pas bien entendu."])
    }

    fn not_understood(&self, asked: Asked, repair: Repair, business: &Business) -> Question {
        match repair {
            Repair::Rephrased => rephrased(asked, business),
            Repair::AnotherWay => another_way(asked, business),
        }
    }

    fn way_out(&self, transfer: bool) -> Question {
        let asks = if transfer {
            "Voulez-vous que je vous passe quelqu'un ?"
        } else {
            "Voulez-vous laisser un message pour qu'on vous rappelle ?"
        };
        Question::new(asks).after("Je suis désolée, j'ai du mal à vous comprendre.")
    }

    fn go_on(&self) -> String {
        "D'accord, essayons encore une fois.".into()
    }

    fn wrong_number(&self, business: &Business) -> String {
        format!("Ce n'est rien, vous êtes chez {}. Bonne journée. Au revoir !", business.name)
    }

    fn be_kind(&self) -> String {
        "Je comprends votre colère. Je vous aide volontiers si nous restons aimables.".into()
    }

    fn unkind_goodbye(&self) -> String {
        "Je vais terminer l'appel ici. Rappelez quand vous voulez. Au revoir !".into()
    }

    fn putting_through(&self) -> String {
        "Bien sûr. Un instant, je vous passe quelqu'un.".into()
    }

    fn nobody_free(&self) -> Question {
        Question::new("Que dois-je leur dire ?")
            .after("Personne ne peut venir au téléphone pour le moment, mais je transmettrai un message.")
    }

    fn what_message(&self) -> Question {
        Question::new("Que dois-je leur dire ?").after("Bien sûr.")
    }

    fn note_taken(&self) -> String {
        "Merci, je transmets.".into()
    }

    fn note_failed(&self) -> String {
        "Je suis désolée, je n'ai pas pu enregistrer votre message. Rappelez un peu plus tard, s'il vous plaît.".into()
    }

    fn note_on(&self, business: &Business, booking: &Booking, starts: &Zoned, said: &ReadBack<'_>) -> String {
        let mut parts = Vec::new();
        parts.extend(said.party.map(|party| format!("{party} personnes")));
        parts.extend(said.email.map(|email| format!("courriel {}", email.as_str())));
        parts.extend(said.note.map(|note| format!("« {note} »")));
        let (what, when) = (what(business, booking.slot), speak::written(starts));
        format!("Au sujet de : {what}, {when}, {} : {}", booking.customer.name.as_str(), parts.join(" ; "))
    }

    fn late_note(&self, words: &str) -> String {
        format!("En retard : « {words} »")
    }

    fn cannot_say(&self) -> String {
        "Je ne peux malheureusement pas vous aider pour cela.".into()
    }

    fn nothing_passed_on_yet(&self) -> String {
        "Je n'ai encore rien transmis.".into()
    }

    fn asked_for(&self, question: &str) -> Option<Asked> {
        asked_among(question, QUESTIONS)
    }
}

fn rephrased(asked: Asked, business: &Business) -> Question {
    match asked {
        Asked::When => Question::new("Pardon, quel jour et à quelle heure souhaitez-vous venir ?"),
        Asked::Service => {
            French.which_service_at(business, Wish::default(), &Zoned::default()).after("Pardon, je n'ai pas compris.")
        }
        Asked::Staff => Question::new("Pardon, avec qui souhaitez-vous venir ?"),
        Asked::Name | Asked::WhoseName => Question::new("Pardon, pouvez-vous me dire juste le nom ?"),
        Asked::Spelling => Question::new("Pardon, pouvez-vous l'épeler encore une fois, lettre par lettre ?"),
        Asked::Phone => Question::new("Pardon, pouvez-vous me donner le numéro chiffre par chiffre ?"),
        Asked::WhichDay => Question::new("Pardon, quel jour est le rendez-vous ?"),
        Asked::OfferMessage | Asked::OfferSoonest => Question::new("Pardon, était-ce un oui ou un non ?"),
        Asked::Change => Question::new("Pardon, que faut-il changer : l'heure, la prestation ou le nom ?"),
        Asked::Message => Question::new("Pardon, que dois-je leur dire ?"),
        Asked::AfterAll => Question::new("Pardon, voulez-vous le déplacer ou l'annuler ?"),
        Asked::Which | Asked::WhichTime | Asked::ReadBack | Asked::CancelIt => {
            Question::default().after("Pardon, je n'ai pas compris.")
        }
        Asked::Help | Asked::AnythingElse => Question::new("Voulez-vous prendre, déplacer ou annuler un rendez-vous ?")
            .after("Pardon, je n'ai pas compris."),
    }
}

fn another_way(asked: Asked, business: &Business) -> Question {
    match asked {
        Asked::When => Question::new("Voulez-vous que je vous dise le prochain créneau libre ?")
            .after("Je n'ai toujours pas compris l'heure."),
        Asked::Service => by_keys(business),
        Asked::Staff => {
            let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
            Question::new("Avec qui souhaitez-vous venir, ou cela vous est-il égal ?")
                .after(format!("Chez nous, il y a {}.", super::and(&names)))
        }
        Asked::Name | Asked::WhoseName | Asked::Spelling => {
            Question::new("Pouvez-vous me l'épeler, lettre par lettre ?").after("J'ai du mal avec le nom.")
        }
        Asked::Phone => French.number_by_keys(),
        Asked::WhichDay => Question::new("C'est quel jour ?")
            .after("Je n'ai toujours pas compris le jour. Par exemple, mardi, ou le 24."),
        Asked::Which | Asked::WhichTime => Question::default().after(
            "Je suis désolée, je le redis. Vous pouvez aussi appuyer sur 1 pour le premier et sur 2 pour le deuxième.",
        ),
        Asked::ReadBack | Asked::CancelIt => Question::default()
            .after("Je suis désolée. Dites simplement oui ou non, ou appuyez sur 1 pour oui et sur 2 pour non."),
        Asked::OfferMessage | Asked::OfferSoonest => {
            Question::new("Pouvez-vous dire oui ou non, ou appuyer sur 1 pour oui et sur 2 pour non ?")
        }
        Asked::Change => Question::new(
            "Pouvez-vous appuyer sur 1 pour l'heure, 2 pour la prestation, 3 pour le nom ou 4 pour le numéro ?",
        ),
        Asked::Message => Question::new("Que dois-je noter ?").after("Je peux transmettre un court message."),
        Asked::AfterAll => Question::new("Dois-je le déplacer, l'annuler ou le laisser tel quel ?"),
        Asked::Help | Asked::AnythingElse => Question::new("Que puis-je faire pour vous ?")
            .after("Je n'ai toujours pas compris. Dites par exemple : je voudrais prendre rendez-vous pour demain."),
    }
}

/// "Pouvez-vous appuyer sur 1 pour coupe ou 2 pour couleur ?"
fn by_keys(business: &Business) -> Question {
    let keys: Vec<String> = (1..)
        .zip(business.services.iter().take(9))
        .map(|(key, service)| format!("{key} pour {}", lower(&service.name)))
        .collect();
    Question::new(format!("Pouvez-vous appuyer sur {} ?", or(&keys)))
        .after("Je suis désolée, je n'ai toujours pas compris.")
}
