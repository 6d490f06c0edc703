//! Spoken numbers: the zone's letter and a number of the day, such as H24.
//!
//! A node reserves numbers in blocks, so that placing an order neither waits for a counter nor locks one. What a node
//! did not use when it stopped stays unused; a number needs to be unique that day, not without gaps.

use std::{
    collections::HashMap,
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

use domain::id::ZoneId;
use store::{args, orders};

use crate::{App, error::Error};

/// Numbers reserved at once: small enough that a restart does not jump far, large enough to be rare.
const BLOCK: i64 = 16;
/// On a busy day the blocks grow, up to this.
const LARGEST_BLOCK: i64 = 1_024;

/// What is reserved for each zone. While one zone reserves, which waits for a commit, the others hand out theirs.
#[derive(Default)]
pub(crate) struct Numbers(Mutex<HashMap<ZoneId, Arc<tokio::sync::Mutex<Reserved>>>>);

/// The day, the numbers left of it, and the size of the last block.
#[derive(Default)]
struct Reserved {
    day: i64,
    left: Range<i64>,
    block: i64,
}

impl Numbers {
    fn of(&self, zone: ZoneId) -> Arc<tokio::sync::Mutex<Reserved>> {
        Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(zone).or_default())
    }
}

impl App {
    /// The next number of a zone's day.
    pub(crate) async fn next_number(&self, zone: ZoneId, day: i64) -> Result<i64, Error> {
        let reserved = self.numbers.of(zone);
        let mut reserved = reserved.lock().await;
        let mut block = BLOCK;
        if reserved.day == day {
            if let Some(number) = reserved.left.next() {
                return Ok(number);
            }
            block = (reserved.block * 2).min(LARGEST_BLOCK);
        }
        let row = self.db.returning::<(i64,)>(&orders::RESERVE_NUMBERS, args![zone, day, block]).await?;
        let (end,) = row.into_iter().next().ok_or_else(|| Error::Internal("no number was reserved".to_owned()))?;
        let mut left = end - block..end;
        let number = left.next().unwrap_or(end);
        *reserved = Reserved { day, left, block };
        Ok(number)
    }
}
