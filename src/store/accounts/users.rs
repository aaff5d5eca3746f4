//! The people themselves.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    domain::{account::User, email::EmailAddress, ids::UserId},
    store::{
        Store, StoreError,
        engine::on,
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

/// As it is compared: nobody means two people by two spellings of a mailbox.
fn address(email: &EmailAddress) -> String {
    email.as_str().to_lowercase()
}

impl Store {
    /// Writes somebody new. False: the e-mail address belongs to somebody already. `password` is a PHC string.
    pub async fn add_user(&self, user: &User, password: Option<&str>, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "insert into users (id, email, name, password, created_at) values ($1, $2, $3, $4, $5)
            on conflict do nothing";
        let written = on!(&self.write, db => sqlx::query(sql)
            .bind(user.id.0).bind(address(&user.email)).bind(text(&user.name)).bind(password).bind(at(now))
            .execute(db).await.map(|done| done.rows_affected()));
        match written {
            Err(error) if is_conflict(&error) => Ok(false),
            done => Ok(done? == 1),
        }
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
        keep: Option<crate::domain::ids::SessionId>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write.begin().await?;
        let sql = "update users set password = $2 where id = $1";
        on!(&mut tx, tx => sqlx::query(sql).bind(id.0).bind(password).execute(&mut **tx).await.map(drop))?;
        let sql = "delete from sessions where user_id = $1 and id <> $2";
        let keep = keep.map_or(Uuid::nil(), |id| id.0);
        on!(&mut tx, tx => sqlx::query(sql).bind(id.0).bind(keep).execute(&mut **tx).await.map(drop))?;
        tx.commit().await
    }

    /// Whether anybody has an account yet.
    pub async fn has_users(&self) -> Result<bool, StoreError> {
        let sql = "select exists (select 1 from users)";
        Ok(on!(&self.read, db => sqlx::query_scalar::<_, bool>(sql).fetch_one(db).await)?)
    }
}
