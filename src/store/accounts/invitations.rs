//! Invitations into a business: one address, one role, one week, used once.

use jiff::Timestamp;
use uuid::Uuid;

use super::SecretHash;
use crate::{
    domain::{
        account::{Role, User},
        email::EmailAddress,
        ids::{BusinessId, InvitationId, UserId},
    },
    store::{
        Store, StoreError,
        audit::{self, Deed},
        engine::{Tx, on},
        error::is_conflict,
        values::{Moment, at, moment, parsed, text},
    },
};

/// Somebody is to be invited.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    pub id: InvitationId,
    /// Of what stands in its address.
    pub hash: SecretHash,
    pub business: BusinessId,
    pub email: EmailAddress,
    pub role: Role,
    pub expires: Timestamp,
    pub now: Timestamp,
}

/// What came of inviting somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invited {
    /// Also when they were invited before: the earlier invitation is no longer good.
    Invited,
    /// They belong to the business.
    Member,
}

/// An invitation that nobody has accepted yet, as listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    pub id: InvitationId,
    pub email: EmailAddress,
    pub role: Role,
    pub created: Timestamp,
    pub expires: Timestamp,
}

/// An invitation as whoever holds its address sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub business: BusinessId,
    /// The business's name.
    pub name: String,
    pub email: EmailAddress,
    pub role: Role,
}

/// What came of accepting one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    Accepted,
    /// It was used, withdrawn, or ran out.
    Gone,
    /// It was sent to another address.
    NotTheirs,
    /// Somebody new turned out to have an account: they sign in.
    HasAccount,
}

#[derive(sqlx::FromRow)]
struct PendingRow {
    id: Uuid,
    email: String,
    role: String,
    created_at: Moment,
    expires_at: Moment,
}

impl TryFrom<PendingRow> for Pending {
    type Error = StoreError;

    fn try_from(row: PendingRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: InvitationId(row.id),
            email: parsed(&row.email, "one_time_links.email")?,
            role: parsed(&row.role, "one_time_links.role")?,
            created: moment(row.created_at),
            expires: moment(row.expires_at),
        })
    }
}

#[derive(sqlx::FromRow)]
struct OpenRow {
    id: Uuid,
    business_id: Uuid,
    document: String,
    email: String,
    role: String,
}

/// As addresses are compared.
fn address(email: &EmailAddress) -> String {
    email.as_str().to_lowercase()
}

macro_rules! pending {
    () => {
        "kind = 'invitation' and used_at is null"
    };
}

impl Store {
    /// Invites somebody; an earlier invitation of the same address into the same business is replaced.
    pub async fn invite(&self, new: &NewInvitation, deed: &Deed) -> Result<Invited, StoreError> {
        let mut tx = self.write.begin().await?;
        let sql = "select exists (select 1 from memberships join users on users.id = memberships.user_id
            where memberships.business_id = $1 and users.email = $2)";
        let member = on!(&mut tx, tx => sqlx::query_scalar::<_, bool>(sql)
            .bind(new.business.0).bind(address(&new.email)).fetch_one(&mut **tx).await)?;
        if member {
            return Ok(Invited::Member);
        }
        let sql = concat!("delete from one_time_links where business_id = $1 and email = $2 and ", pending!());
        on!(&mut tx, tx => sqlx::query(sql)
            .bind(new.business.0).bind(address(&new.email)).execute(&mut **tx).await.map(drop))?;
        let sql = "insert into one_time_links (hash, id, kind, business_id, email, role, created_at, expires_at)
            values ($1, $2, 'invitation', $3, $4, $5, $6, $7)";
        on!(&mut tx, tx => sqlx::query(sql)
            .bind(&new.hash[..])
            .bind(new.id.0)
            .bind(new.business.0)
            .bind(address(&new.email))
            .bind(new.role.as_str())
            .bind(at(new.now))
            .bind(at(new.expires))
            .execute(&mut **tx).await.map(drop))?;
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(Invited::Invited)
    }

    /// Invitations nobody has accepted yet, those that have run out included; newest first.
    pub async fn invitations(&self, business: BusinessId) -> Result<Vec<Pending>, StoreError> {
        let sql = concat!(
            "select id, email, role, created_at, expires_at from one_time_links where business_id = $1 and ",
            pending!(),
            " order by created_at desc, id"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, PendingRow>(sql).bind(business.0).fetch_all(db).await)?;
        rows.into_iter().map(Pending::try_from).collect()
    }

    /// Gives an invitation a new secret and another week. Nothing: there is none of that id.
    pub async fn renew_invitation(
        &self,
        (business, id): (BusinessId, InvitationId),
        hash: &SecretHash,
        expires: Timestamp,
        deed: &Deed,
    ) -> Result<Option<Pending>, StoreError> {
        let sql = concat!(
            "update one_time_links set hash = $3, expires_at = $4 where business_id = $1 and id = $2 and ",
            pending!(),
            " returning id, email, role, created_at, expires_at"
        );
        let mut tx = self.write.begin().await?;
        let row = on!(&mut tx, tx => sqlx::query_as::<_, PendingRow>(sql)
            .bind(business.0).bind(id.0).bind(&hash[..]).bind(at(expires)).fetch_optional(&mut **tx).await)?;
        let Some(row) = row else { return Ok(None) };
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        row.try_into().map(Some)
    }

    /// Takes an invitation back. False: there is none of that id.
    pub async fn withdraw_invitation(
        &self,
        business: BusinessId,
        id: InvitationId,
        deed: &Deed,
    ) -> Result<bool, StoreError> {
        let sql = concat!("delete from one_time_links where business_id = $1 and id = $2 and ", pending!());
        let mut tx = self.write.begin().await?;
        let gone = on!(&mut tx, tx => sqlx::query(sql)
            .bind(business.0).bind(id.0).execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        if gone == 0 {
            return Ok(false);
        }
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The invitation of an address, while it is good.
    pub async fn invitation(&self, hash: &SecretHash, now: Timestamp) -> Result<Option<Invitation>, StoreError> {
        let sql = concat!(
            "select one_time_links.id, one_time_links.business_id, businesses.document, one_time_links.email,
                one_time_links.role
            from one_time_links join businesses on businesses.id = one_time_links.business_id
            where one_time_links.hash = $1 and one_time_links.expires_at > $2 and ",
            pending!()
        );
        let row = on!(&self.read, db => sqlx::query_as::<_, OpenRow>(sql)
            .bind(&hash[..]).bind(at(now)).fetch_optional(db).await)?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Invitation {
            id: InvitationId(row.id),
            business: BusinessId(row.business_id),
            name: crate::store::businesses::Versioned::read(0, &row.document)?.business.name,
            email: parsed(&row.email, "one_time_links.email")?,
            role: parsed(&row.role, "one_time_links.role")?,
        }))
    }

    /// Somebody with an account accepts.
    pub async fn accept_invitation(&self, hash: &SecretHash, user: &User, deed: &Deed) -> Result<Accepted, StoreError> {
        let mut tx = self.write.begin().await?;
        let Some((email, business, role)) = take(&mut tx, hash, deed.at).await? else { return Ok(Accepted::Gone) };
        // Dropping the transaction puts the invitation back.
        if email != address(&user.email) {
            return Ok(Accepted::NotTheirs);
        }
        join(&mut tx, user.id, business, &role, deed.at).await?;
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(Accepted::Accepted)
    }

    /// Somebody new accepts: the account and the place in the business are made together. `password` is a PHC string.
    pub async fn accept_invitation_as_new(
        &self,
        hash: &SecretHash,
        user: &User,
        password: &str,
        deed: &Deed,
    ) -> Result<Accepted, StoreError> {
        let mut tx = self.write.begin().await?;
        let Some((email, business, role)) = take(&mut tx, hash, deed.at).await? else { return Ok(Accepted::Gone) };
        if email != address(&user.email) {
            return Ok(Accepted::NotTheirs);
        }
        let sql = "insert into users (id, email, name, password, created_at) values ($1, $2, $3, $4, $5)
            on conflict (email) do nothing";
        let made = on!(&mut tx, tx => sqlx::query(sql)
            .bind(user.id.0).bind(&email).bind(text(&user.name)).bind(password).bind(at(deed.at))
            .execute(&mut **tx).await.map(|done| done.rows_affected()));
        match made {
            Ok(1) => {}
            Ok(_) => return Ok(Accepted::HasAccount),
            Err(error) if is_conflict(&error) => return Ok(Accepted::HasAccount),
            Err(error) => return Err(error.into()),
        }
        join(&mut tx, user.id, business, &role, deed.at).await?;
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(Accepted::Accepted)
    }
}

/// Uses an invitation up, if it is good: its address, business and role.
async fn take(
    tx: &mut Tx,
    hash: &SecretHash,
    now: Timestamp,
) -> Result<Option<(String, BusinessId, String)>, StoreError> {
    let sql = concat!(
        "update one_time_links set used_at = $2 where hash = $1 and expires_at > $2 and ",
        pending!(),
        " returning email, business_id, role"
    );
    let row = on!(tx, tx => sqlx::query_as::<_, (String, Uuid, String)>(sql)
        .bind(&hash[..]).bind(at(now)).fetch_optional(&mut **tx).await)?;
    Ok(row.map(|(email, business, role)| (email, BusinessId(business), role)))
}

/// An owner who is invited as one of the staff stays an owner.
pub(super) async fn join(
    tx: &mut Tx,
    user: UserId,
    business: BusinessId,
    role: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "insert into memberships (user_id, business_id, role, created_at) values ($1, $2, $3, $4)
        on conflict (user_id, business_id) do update
        set role = case when excluded.role = 'owner' then 'owner' else memberships.role end";
    on!(tx, tx => sqlx::query(sql)
        .bind(user.0).bind(business.0).bind(role).bind(at(now)).execute(&mut **tx).await.map(drop))?;
    Ok(())
}
