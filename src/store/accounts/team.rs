//! The team of a business, and changes to it. A business is never left without an owner.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    domain::{
        account::{Role, User},
        ids::{BusinessId, UserId},
    },
    store::{
        Store, StoreError,
        audit::{self, Deed},
        engine::{Tx, on},
        values::{Moment, moment, parsed},
    },
};

/// Somebody in a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub user: User,
    pub role: Role,
    pub since: Timestamp,
}

/// What came of changing the team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamChange {
    Done,
    /// They have that role already, and nothing was written.
    Already,
    /// There must be an owner, and they are the only one.
    LastOwner,
    /// Nobody of that id belongs to the business.
    Missing,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    email: String,
    name: String,
    role: String,
    created_at: Moment,
}

impl TryFrom<Row> for Member {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let user = User { id: UserId(row.id), email: parsed(&row.email, "users.email")?, name: row.name };
        Ok(Self { user, role: parsed(&row.role, "memberships.role")?, since: moment(row.created_at) })
    }
}

impl Store {
    /// Who belongs to a business and since when, owners first.
    pub async fn team(&self, business: BusinessId) -> Result<Vec<Member>, StoreError> {
        let sql = "select users.id, users.email, users.name, memberships.role, memberships.created_at from memberships
            join users on users.id = memberships.user_id
            where memberships.business_id = $1
            order by case memberships.role when 'owner' then 0 else 1 end, memberships.created_at, users.id";
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(business.0).fetch_all(db).await)?;
        rows.into_iter().map(Member::try_from).collect()
    }

    /// Makes a member an owner, or one of the staff.
    pub async fn change_role(
        &self,
        business: BusinessId,
        user: UserId,
        role: Role,
        deed: &Deed,
    ) -> Result<TeamChange, StoreError> {
        let mut tx = self.write.begin().await?;
        let owners = queue(&mut tx, business).await?;
        let Some(now) = role_of(&mut tx, business, user).await? else { return Ok(TeamChange::Missing) };
        if now == role {
            return Ok(TeamChange::Already);
        }
        if now == Role::Owner && owners == 1 {
            return Ok(TeamChange::LastOwner);
        }
        let sql = "update memberships set role = $3 where business_id = $1 and user_id = $2";
        on!(&mut tx, tx => sqlx::query(sql)
            .bind(business.0).bind(user.0).bind(role.as_str()).execute(&mut **tx).await.map(drop))?;
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(TeamChange::Done)
    }

    /// Takes somebody out of a business. Their next request there is refused: every one of them asks what they are.
    pub async fn remove_member(
        &self,
        business: BusinessId,
        user: UserId,
        deed: &Deed,
    ) -> Result<TeamChange, StoreError> {
        let mut tx = self.write.begin().await?;
        let owners = queue(&mut tx, business).await?;
        let Some(now) = role_of(&mut tx, business, user).await? else { return Ok(TeamChange::Missing) };
        if now == Role::Owner && owners == 1 {
            return Ok(TeamChange::LastOwner);
        }
        let sql = "delete from memberships where business_id = $1 and user_id = $2";
        on!(&mut tx, tx => sqlx::query(sql).bind(business.0).bind(user.0).execute(&mut **tx).await.map(drop))?;
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(TeamChange::Done)
    }
}

/// Waits until nobody else changes this team, and counts its owners. Two owners who remove each other at once would
/// otherwise each see the other one there: writing the business's row makes them take turns on both engines.
async fn queue(tx: &mut Tx, business: BusinessId) -> Result<i64, StoreError> {
    let sql = "update businesses set updated_at = updated_at where id = $1";
    on!(&mut *tx, tx => sqlx::query(sql).bind(business.0).execute(&mut **tx).await.map(drop))?;
    let sql = "select count(*) from memberships where business_id = $1 and role = 'owner'";
    Ok(on!(tx, tx => sqlx::query_scalar::<_, i64>(sql).bind(business.0).fetch_one(&mut **tx).await)?)
}

async fn role_of(tx: &mut Tx, business: BusinessId, user: UserId) -> Result<Option<Role>, StoreError> {
    let sql = "select role from memberships where business_id = $1 and user_id = $2";
    let role = on!(tx, tx => sqlx::query_scalar::<_, String>(sql)
        .bind(business.0).bind(user.0).fetch_optional(&mut **tx).await)?;
    role.map(|role| parsed(&role, "memberships.role")).transpose()
}
