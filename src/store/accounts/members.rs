//! Who belongs to which business.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    domain::{
        account::{Role, User},
        ids::{BusinessId, UserId},
    },
    store::{
        Store, StoreError,
        engine::on,
        values::{at, parsed},
    },
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

impl Store {
    /// Makes somebody a member, or changes what they are.
    pub async fn set_membership(
        &self,
        user: UserId,
        business: BusinessId,
        role: Role,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "insert into memberships (user_id, business_id, role, created_at) values ($1, $2, $3, $4)
            on conflict (user_id, business_id) do update set role = $3";
        on!(&self.write, db => sqlx::query(sql)
            .bind(user.0).bind(business.0).bind(role.as_str()).bind(at(now)).execute(db).await.map(drop))?;
        Ok(())
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
