//! Time that the business keeps for itself.

use jiff::SignedDuration;
use tracing::info;
use unicode_segmentation::UnicodeSegmentation;

use super::{FrontDesk, shown};
use crate::{
    domain::{
        block::Block,
        ids::{BlockId, BusinessId},
    },
    ports::desk::{DeskError, KeepFree},
    store::blocks::Blocked,
};

/// Longer than any holiday; what is for ever is a matter of the opening hours.
const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);
/// Graphemes.
const REASON_LENGTH: usize = 120;

impl FrontDesk {
    pub(super) async fn keep_free(&self, keep: &KeepFree) -> Result<Block, DeskError> {
        let business = &keep.business;
        let known = keep.staff.is_none_or(|staff| business.member(staff).is_some());
        if !known || keep.from >= keep.to || keep.to.duration_since(keep.from) > LONGEST {
            return Err(DeskError::NotOffered);
        }
        let (id, version) = keep.instead_of.unwrap_or_else(|| (BlockId(self.clock.new_id()), 0));
        let block = Block {
            id,
            business: business.id,
            staff: keep.staff,
            from: keep.from,
            to: keep.to,
            reason: shown(&keep.reason).graphemes(true).take(REASON_LENGTH).collect(),
            version,
        };
        told(self.store.block(&block, self.clock.now()).await?, "kept free")
    }

    pub(super) async fn give_back(&self, business: BusinessId, block: BlockId) -> Result<Block, DeskError> {
        told(self.store.unblock(business, block, self.clock.now()).await?, "given back")
    }

    pub(super) async fn keep_again(&self, business: BusinessId, block: BlockId) -> Result<Block, DeskError> {
        told(self.store.block_again(business, block, self.clock.now()).await?, "kept free again")
    }
}

fn told(blocked: Blocked, what: &str) -> Result<Block, DeskError> {
    match blocked {
        Blocked::Done(block) => {
            info!(business.id = %block.business, "block {} of business {}: {what}", block.id, block.business);
            Ok(block)
        }
        Blocked::Overtaken => Err(DeskError::Gone),
    }
}
