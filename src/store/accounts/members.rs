//! Who belongs to which business.

use jiff::Timestamp;
use uuid::Uuid;

use super::users::put_member;
use crate::{
    domain::{
        account::{Role, User},
        business::Business,
        ids::{BusinessId, UserId},
    },
    store::{Store, StoreError, businesses::Versioned, engine::on, values::parsed},
};

/// Somebody's place in a business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub business: BusinessId,
    pub role: Role,
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    id: Uuid,
    email: String,
    name: String,
    role: String,
}

#[derive(sqlx::FromRow)]
struct OwnerRow {
    id: Uuid,
    email: String,
    name: String,
    business_id: Uuid,
}

impl Store {
    /// Makes somebody a member, or changes what they are.
    pub async fn set_membership(
        &self,
        user: UserId,
        business: BusinessId,
        role: Role,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.write.begin().await?;
        put_member(&mut tx, user, business, role, now).await?;
        tx.commit().await
    }

    /// The businesses somebody belongs to, oldest membership first.
    pub async fn memberships(&self, user: UserId) -> Result<Vec<Membership>, StoreError> {
        let sql = "select business_id, role from memberships where user_id = $1 order by created_at, business_id";
        let rows = on!(&self.read, db => sqlx::query_as::<_, (Uuid, String)>(sql).bind(user.0).fetch_all(db).await)?;
        let membership = |(business, role): (Uuid, String)| {
            Ok(Membership { business: BusinessId(business), role: parsed(&role, "memberships.role")? })
        };
        rows.into_iter().map(membership).collect()
    }

    /// The same with the businesses themselves, by name.
    pub async fn businesses_of(&self, user: UserId) -> Result<Vec<(Business, Role)>, StoreError> {
        let sql = "select memberships.role, businesses.version, businesses.document from memberships
            join businesses on businesses.id = memberships.business_id where memberships.user_id = $1";
        let rows =
            on!(&self.read, db => sqlx::query_as::<_, (String, i32, String)>(sql).bind(user.0).fetch_all(db).await)?;
        let place = |(role, version, document): (String, i32, String)| {
            Ok((Versioned::read(version, &document)?.business, parsed(&role, "memberships.role")?))
        };
        let mut places = rows.into_iter().map(place).collect::<Result<Vec<(Business, Role)>, StoreError>>()?;
        places.sort_by_key(|(business, _)| (business.name.to_lowercase(), business.id));
        Ok(places)
    }

    /// Everybody who owns something, with the business, for whoever runs the server.
    pub async fn owners(&self) -> Result<Vec<(User, BusinessId)>, StoreError> {
        let sql = "select users.id, users.email, users.name, memberships.business_id from memberships
            join users on users.id = memberships.user_id
            where memberships.role = 'owner' order by memberships.created_at, users.id";
        let rows = on!(&self.read, db => sqlx::query_as::<_, OwnerRow>(sql).fetch_all(db).await)?;
        let owner = |row: OwnerRow| {
            let user = User { id: UserId(row.id), email: parsed(&row.email, "users.email")?, name: row.name };
            Ok((user, BusinessId(row.business_id)))
        };
        rows.into_iter().map(owner).collect()
    }

    /// Who belongs to a business, oldest membership first.
    pub async fn members(&self, business: BusinessId) -> Result<Vec<(User, Role)>, StoreError> {
        let sql = "select users.id, users.email, users.name, memberships.role from memberships
            join users on users.id = memberships.user_id
            where memberships.business_id = $1 order by memberships.created_at, users.id";
        let rows = on!(&self.read, db => sqlx::query_as::<_, MemberRow>(sql).bind(business.0).fetch_all(db).await)?;
        let member = |row: MemberRow| {
            let user = User { id: UserId(row.id), email: parsed(&row.email, "users.email")?, name: row.name };
            Ok((user, parsed(&row.role, "memberships.role")?))
        };
        rows.into_iter().map(member).collect()
    }
}
