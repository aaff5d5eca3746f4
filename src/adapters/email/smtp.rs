//! E-mail by SMTP (RFC 5321), over TLS from the start or by STARTTLS (RFC 3207, 8314).

use std::time::Duration;

use anyhow::{Context, anyhow};
use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    address::Envelope,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
        response::Severity,
    },
};

use crate::{
    config::{Smtp, SmtpTls},
    domain::email::EmailAddress,
    ports::email::{Email, EmailError, one_line},
};

/// For a whole letter, from the connection to the last answer.
const BUDGET: Duration = Duration::from_secs(10);

/// A mail server that takes our letters. A connection is made for each of them: they are few.
pub struct SmtpEmail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    budget: Duration,
}

impl SmtpEmail {
    /// # Errors
    /// When a setting cannot be what it should be; a sentence without its value.
    pub fn new(settings: &Smtp) -> anyhow::Result<Self> {
        Self::within(settings, BUDGET)
    }

    fn within(settings: &Smtp, budget: Duration) -> anyhow::Result<Self> {
        let tls = || TlsParameters::new(settings.host.clone()).context("the mail server's name is no host name");
        let tls = match settings.tls {
            SmtpTls::FromTheStart => Tls::Wrapper(tls()?),
            SmtpTls::StartTls => Tls::Required(tls()?),
            SmtpTls::None => Tls::None,
        };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(budget));
        let builder = match &settings.login {
            Some((user, password)) => builder.credentials(Credentials::new(user.clone(), password.expose().to_owned())),
            None => builder,
        };
        let name = Some(one_line(&settings.from_name)).filter(|name| !name.is_empty());
        let address = settings.from.as_str().parse().context("the sender is no e-mail address")?;
        Ok(Self { transport: builder.build(), from: Mailbox::new(name, address), budget })
    }

    fn letter(&self, to: &EmailAddress, subject: &str, text: &str) -> anyhow::Result<(Envelope, Vec<u8>)> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.as_str().parse()?))
            .subject(one_line(subject))
            .header(ContentType::TEXT_PLAIN)
            .body(text.to_owned())?;
        Ok((message.envelope().clone(), message.formatted()))
    }
}

#[async_trait]
impl Email for SmtpEmail {
    async fn send(&self, to: &EmailAddress, subject: &str, text: &str) -> Result<(), EmailError> {
        let (envelope, letter) = self.letter(to, subject, text).map_err(EmailError::NotTaken)?;
        match tokio::time::timeout(self.budget, self.transport.send_raw(&envelope, &letter)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(why(error)),
            Err(_) => Err(EmailError::NotTaken(anyhow!("it took longer than {} s", self.budget.as_secs()))),
        }
    }
}

/// RFC 5321, 4.2: what begins with 5 is for ever. 530, 534, 535 and 538 are about who we are (RFC 4954, 6). What the server
/// said is left out: it may repeat the address.
fn why(error: lettre::transport::smtp::Error) -> EmailError {
    match error.status() {
        Some(code) if matches!(u16::from(code), 530 | 534 | 535 | 538) => EmailError::NotAllowed,
        Some(code) if code.severity == Severity::PermanentNegativeCompletion => EmailError::Refused(code.into()),
        Some(code) => EmailError::NotTaken(anyhow!("it answered {code}")),
        None if error.is_timeout() => EmailError::NotTaken(anyhow!("it did not answer in time")),
        None if error.is_tls() => EmailError::NotTaken(anyhow!("its certificate or its TLS is not acceptable")),
        None => EmailError::NotTaken(error.into()),
    }
}

#[cfg(test)]
mod tests;
