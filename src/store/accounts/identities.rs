//! Signing in elsewhere: browsers on their way to a provider, and who comes back.

use jiff::Timestamp;
use uuid::Uuid;

use super::{SecretHash, invitations::join};
use crate::{
    domain::{
        account::User,
        email::EmailAddress,
        ids::{BusinessId, DeedId, UserId},
    },
    store::{
        Store, StoreError,
        audit::{self, Deed},
        engine::{Tx, on},
        values::{at, parsed, text},
    },
};

/// So many browsers are on their way at once at most: whoever only begins fills no disk.
const MOST: i64 = 10_000;

/// A browser that sets out.
#[derive(Clone, Debug)]
pub struct NewDeparture {
    /// Of the `state` that comes back with it.
    pub hash: SecretHash,
    /// Of what its cookie holds.
    pub browser: SecretHash,
    /// The provider's path.
    pub provider: String,
    pub verifier: String,
    pub nonce: String,
    /// The page of ours that it wanted.
    pub next: String,
    pub expires: Timestamp,
    pub now: Timestamp,
}

/// What is known of a browser that has come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Departed {
    /// It may go on; the state is used up.
    Back { verifier: String, nonce: String, next: String },
    /// Another browser set out with this state. It is not used up.
    OtherBrowser,
    /// Nobody set out with it, it was used, is too old, or is for another provider.
    Unknown,
}

/// Who a provider says somebody is.
#[derive(Clone, Debug)]
pub struct Somebody {
    /// "google:1234": never an e-mail address.
    pub identity: String,
    /// Only one that the provider has verified.
    pub email: Option<EmailAddress>,
    /// For an account that is made for them.
    pub id: UserId,
    pub name: String,
}

/// Whether somebody gets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    /// By the identity that is remembered.
    Known(User),
    /// By the e-mail address, for the first time; from now on the identity counts. Whoever had a password or a session for
    /// that address before has them no longer: they may not have been the same person.
    Linked(User),
    /// Somebody new, for whom there were invitations: they have been accepted.
    Joined(User),
    /// Nobody here knows them.
    Stranger,
}

#[derive(sqlx::FromRow)]
struct UserRow {
    id: Uuid,
    email: String,
    name: String,
    identity: Option<String>,
}

impl UserRow {
    fn user(self) -> Result<User, StoreError> {
        Ok(User { id: UserId(self.id), email: parsed(&self.email, "users.email")?, name: self.name })
    }
}

impl Store {
    /// Writes down that a browser sets out. False: too many are on their way.
    pub async fn depart(&self, new: &NewDeparture) -> Result<bool, StoreError> {
        let sql = "delete from identity_states where expires_at <= $1";
        on!(&self.write, db => sqlx::query(sql).bind(at(new.now)).execute(db).await.map(drop))?;
        let sql = "insert into identity_states (hash, browser, provider, verifier, nonce, next, expires_at)
            select $1, $2, $3, $4, $5, $6, $7 where (select count(*) from identity_states) < $8";
        let written = on!(&self.write, db => sqlx::query(sql)
            .bind(&new.hash[..])
            .bind(&new.browser[..])
            .bind(&new.provider)
            .bind(&new.verifier)
            .bind(&new.nonce)
            .bind(&new.next)
            .bind(at(new.expires))
            .bind(MOST)
            .execute(db).await.map(|done| done.rows_affected()))?;
        Ok(written == 1)
    }

    /// A browser has come back with this state; what its cookie holds must be what it set out with. Once.
    pub async fn arrive(
        &self,
        hash: &SecretHash,
        browser: Option<&SecretHash>,
        provider: &str,
        now: Timestamp,
    ) -> Result<Departed, StoreError> {
        let mut tx = self.write.begin().await?;
        let sql = "select browser from identity_states where hash = $1 and provider = $2 and expires_at > $3";
        let theirs = on!(&mut tx, tx => sqlx::query_scalar::<_, Vec<u8>>(sql)
            .bind(&hash[..]).bind(provider).bind(at(now)).fetch_optional(&mut **tx).await)?;
        let Some(theirs) = theirs else { return Ok(Departed::Unknown) };
        // Both are hashes of secrets, so how long a comparison takes tells nothing of them.
        if browser.is_none_or(|browser| browser[..] != theirs[..]) {
            return Ok(Departed::OtherBrowser);
        }
        let sql = "delete from identity_states where hash = $1 returning verifier, nonce, next";
        let taken = on!(&mut tx, tx => sqlx::query_as::<_, (String, String, String)>(sql)
            .bind(&hash[..]).fetch_optional(&mut **tx).await)?;
        let Some((verifier, nonce, next)) = taken else { return Ok(Departed::Unknown) };
        tx.commit().await?;
        Ok(Departed::Back { verifier, nonce, next })
    }

    /// Lets somebody in whom the provider vouches for, if anybody here knows them. `deed` makes the ids of lines.
    pub async fn enter_as(
        &self,
        somebody: &Somebody,
        now: Timestamp,
        mut fresh: impl FnMut() -> Uuid + Send,
    ) -> Result<Entered, StoreError> {
        let mut tx = self.write.begin().await?;
        let sql = "select id, email, name, identity from users where identity = $1";
        let known = on!(&mut tx, tx => sqlx::query_as::<_, UserRow>(sql)
            .bind(&somebody.identity).fetch_optional(&mut **tx).await)?;
        if let Some(known) = known {
            return Ok(Entered::Known(known.user()?));
        }
        let Some(email) = somebody.email.as_ref().map(|email| email.as_str().to_lowercase()) else {
            return Ok(Entered::Stranger);
        };
        let sql = "select id, email, name, identity from users where email = $1";
        let named = on!(&mut tx, tx => sqlx::query_as::<_, UserRow>(sql).bind(&email).fetch_optional(&mut **tx).await)?;
        match named {
            // Somebody else has the address there now.
            Some(named) if named.identity.is_some() => Ok(Entered::Stranger),
            Some(named) => {
                let user = named.user()?;
                link(&mut tx, user.id, &somebody.identity).await?;
                let deed = line(&user, None, "account.linked", fresh(), now);
                audit::write(&mut tx, &deed).await?;
                tx.commit().await?;
                Ok(Entered::Linked(user))
            }
            None => {
                let invited = invitations(&mut tx, &email, now).await?;
                if invited.is_empty() {
                    return Ok(Entered::Stranger);
                }
                let email = parsed(&email, "users.email")?;
                let user = User { id: somebody.id, email, name: somebody.name.clone() };
                add(&mut tx, &user, &somebody.identity, now).await?;
                for (business, role) in invited {
                    join(&mut tx, user.id, business, &role, now).await?;
                    let deed = Deed { detail: role, ..line(&user, Some(business), "team.joined", fresh(), now) };
                    audit::write(&mut tx, &deed).await?;
                }
                tx.commit().await?;
                Ok(Entered::Joined(user))
            }
        }
    }
}

fn line(user: &User, business: Option<BusinessId>, word: &str, id: Uuid, now: Timestamp) -> Deed {
    Deed {
        id: DeedId(id),
        business,
        user: Some(user.id),
        actor: user.name.clone(),
        deed: word.to_owned(),
        subject: user.id.to_string(),
        detail: String::new(),
        at: now,
    }
}

/// From now on the identity opens the account, and nothing that was set before somebody showed that the address is theirs.
async fn link(tx: &mut Tx, user: UserId, identity: &str) -> Result<(), StoreError> {
    let sql = "update users set identity = $2, password = null where id = $1";
    on!(&mut *tx, tx => sqlx::query(sql).bind(user.0).bind(identity).execute(&mut **tx).await.map(drop))?;
    let sql = "delete from sessions where user_id = $1";
    on!(tx, tx => sqlx::query(sql).bind(user.0).execute(&mut **tx).await.map(drop))?;
    Ok(())
}

async fn add(tx: &mut Tx, user: &User, identity: &str, now: Timestamp) -> Result<(), StoreError> {
    let sql = "insert into users (id, email, name, identity, created_at) values ($1, $2, $3, $4, $5)";
    on!(tx, tx => sqlx::query(sql)
        .bind(user.id.0)
        .bind(user.email.as_str().to_lowercase())
        .bind(text(&user.name))
        .bind(identity)
        .bind(at(now))
        .execute(&mut **tx).await.map(drop))?;
    Ok(())
}

/// Uses up the good invitations of an address: into which businesses, as what.
async fn invitations(tx: &mut Tx, email: &str, now: Timestamp) -> Result<Vec<(BusinessId, String)>, StoreError> {
    let sql = "update one_time_links set used_at = $2
        where kind = 'invitation' and email = $1 and used_at is null and expires_at > $2
        returning business_id, role";
    let rows = on!(tx, tx => sqlx::query_as::<_, (Uuid, String)>(sql)
        .bind(email).bind(at(now)).fetch_all(&mut **tx).await)?;
    Ok(rows.into_iter().map(|(business, role)| (BusinessId(business), role)).collect())
}
