//! The people themselves.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    domain::{
        account::{Role, User},
        email::EmailAddress,
        ids::{BusinessId, SessionId, UserId},
    },
    store::{
        Store, StoreError,
        audit::{self, Deed},
        engine::{Tx, on},
        error::is_conflict,
        values::{at, parsed, text},
    },
};

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: Uuid,
    email: String,
    name: String,
}

impl TryFrom<Row> for User {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self { id: UserId(row.id), email: parsed(&row.email, "users.email")?, name: row.name })
    }
}

/// Somebody, and the PHC string of their password; nothing: they sign in elsewhere only.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub user: User,
    pub password: Option<String>,
}

#[derive(sqlx::FromRow)]
struct CredentialsRow {
    #[sqlx(flatten)]
    user: Row,
    password: Option<String>,
}

/// As it is compared: nobody means two people by two spellings of a mailbox.
fn address(email: &EmailAddress) -> String {
    email.as_str().to_lowercase()
}

/// False: the e-mail address belongs to somebody already.
pub(super) async fn insert_user(
    tx: &mut Tx,
    user: &User,
    password: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "insert into users (id, email, name, password, created_at) values ($1, $2, $3, $4, $5)
        on conflict do nothing";
    let written = on!(tx, tx => sqlx::query(sql)
        .bind(user.id.0).bind(address(&user.email)).bind(text(&user.name)).bind(password).bind(at(now))
        .execute(&mut **tx).await.map(|done| done.rows_affected()))?;
    Ok(written == 1)
}

/// Makes somebody a member, or changes what they are.
pub(super) async fn put_member(
    tx: &mut Tx,
    user: UserId,
    business: BusinessId,
    role: Role,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "insert into memberships (user_id, business_id, role, created_at) values ($1, $2, $3, $4)
        on conflict (user_id, business_id) do update set role = $3";
    on!(tx, tx => sqlx::query(sql)
        .bind(user.0).bind(business.0).bind(role.as_str()).bind(at(now)).execute(&mut **tx).await.map(drop))?;
    Ok(())
}

/// Writes a password and ends every session but `keep`.
pub(super) async fn write_password(
    tx: &mut Tx,
    id: UserId,
    password: &str,
    keep: Option<SessionId>,
) -> Result<(), StoreError> {
    let sql = "update users set password = $2 where id = $1";
    on!(&mut *tx, tx => sqlx::query(sql).bind(id.0).bind(password).execute(&mut **tx).await.map(drop))?;
    let sql = "delete from sessions where user_id = $1 and id <> $2";
    let keep = keep.map_or(Uuid::nil(), |id| id.0);
    on!(tx, tx => sqlx::query(sql).bind(id.0).bind(keep).execute(&mut **tx).await.map(drop))?;
    Ok(())
}

impl Store {
    /// Writes somebody new. False: the e-mail address belongs to somebody already. `password` is a PHC string.
    pub async fn add_user(&self, user: &User, password: Option<&str>, now: Timestamp) -> Result<bool, StoreError> {
        let mut tx = self.write.begin().await?;
        let added = insert_user(&mut tx, user, password, now).await?;
        tx.commit().await?;
        Ok(added)
    }

    pub async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let sql = "select id, email, name from users where id = $1";
        on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(id.0).fetch_optional(db).await)?
            .map(User::try_from)
            .transpose()
    }

    pub async fn user_by_email(&self, email: &EmailAddress) -> Result<Option<User>, StoreError> {
        let sql = "select id, email, name from users where email = $1";
        on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(address(email)).fetch_optional(db).await)?
            .map(User::try_from)
            .transpose()
    }

    /// The PHC string of somebody's password. Nothing: no such user, or one without a password.
    pub async fn password_of(&self, id: UserId) -> Result<Option<String>, StoreError> {
        let sql = "select password from users where id = $1";
        let found = on!(&self.read, db =>
            sqlx::query_scalar::<_, Option<String>>(sql).bind(id.0).fetch_optional(db).await)?;
        Ok(found.flatten())
    }

    /// A new password ends every session but `keep`.
    pub async fn set_password(
        &self,
        id: UserId,
        password: &str,
        keep: Option<SessionId>,
        deed: &Deed,
    ) -> Result<(), StoreError> {
        let mut tx = self.write.begin().await?;
        write_password(&mut tx, id, password, keep).await?;
        audit::write(&mut tx, deed).await?;
        tx.commit().await
    }

    /// The same password, hashed anew; unless it was changed meanwhile.
    pub async fn rehash_password(&self, id: UserId, old: &str, new: &str) -> Result<(), StoreError> {
        let sql = "update users set password = $3 where id = $1 and password = $2";
        on!(&self.write, db => sqlx::query(sql).bind(id.0).bind(old).bind(new).execute(db).await.map(drop))?;
        Ok(())
    }

    /// Who has an e-mail address, and the PHC string of their password.
    pub async fn credentials(&self, email: &EmailAddress) -> Result<Option<Credentials>, StoreError> {
        let sql = "select id, email, name, password from users where email = $1";
        let row = on!(&self.read, db =>
            sqlx::query_as::<_, CredentialsRow>(sql).bind(address(email)).fetch_optional(db).await)?;
        row.map(|row| Ok(Credentials { user: row.user.try_into()?, password: row.password })).transpose()
    }

    /// Changes how somebody is called and reached. False: the e-mail address belongs to somebody else.
    pub async fn rename_user(&self, user: &User, deed: &Deed) -> Result<bool, StoreError> {
        let mut tx = self.write.begin().await?;
        let sql = "update users set email = $2, name = $3 where id = $1";
        let written = on!(&mut tx, tx => sqlx::query(sql)
            .bind(user.id.0).bind(address(&user.email)).bind(text(&user.name)).execute(&mut **tx).await.map(drop));
        match written {
            Err(error) if is_conflict(&error) => return Ok(false),
            done => done?,
        }
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Whether anybody has an account yet.
    pub async fn has_users(&self) -> Result<bool, StoreError> {
        let sql = "select exists (select 1 from users)";
        Ok(on!(&self.read, db => sqlx::query_scalar::<_, bool>(sql).fetch_one(db).await)?)
    }
}
