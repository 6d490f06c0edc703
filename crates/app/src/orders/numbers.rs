//! Spoken numbers: the zone's letter and a number of the day, such as H24.
//!
//! A node reserves numbers in blocks, so that placing an order neither waits for a counter nor locks one. What a node
//! did not use when it stopped stays unused; a number needs to be unique that day, not without gaps.

use std::{collections::HashMap, ops::Range};

use domain::id::ZoneId;
use store::{args, orders};
use tokio::sync::Mutex;

use crate::{App, error::Error};

/// Numbers reserved at once: small enough that a restart does not jump far, large enough to be rare.
const BLOCK: i64 = 16;
/// On a busy day the blocks grow, up to this.
const LARGEST_BLOCK: i64 = 1_024;

/// What is reserved: per zone, the day and the numbers left, and the size of the next block.
#[derive(Default)]
pub(crate) struct Numbers(Mutex<HashMap<ZoneId, Reserved>>);

struct Reserved {
    day: i64,
    left: Range<i64>,
    block: i64,
}

impl App {
    /// The next number of a zone's day.
    pub(crate) async fn next_number(&self, zone: ZoneId, day: i64) -> Result<i64, Error> {
        let mut zones = self.numbers.0.lock().await;
        let block = match zones.get_mut(&zone) {
            Some(reserved) if reserved.day == day => {
                if let Some(number) = reserved.left.next() {
                    return Ok(number);
                }
                (reserved.block * 2).min(LARGEST_BLOCK)
            }
            _ => BLOCK,
        };
        let row = self.db.returning::<(i64,)>(&orders::RESERVE_NUMBERS, args![zone, day, block]).await?;
        let (end,) = row.into_iter().next().ok_or_else(|| Error::Internal("no number was reserved".to_owned()))?;
        let mut left = end - block..end;
        let number = left.next().unwrap_or(end);
        zones.insert(zone, Reserved { day, left, block });
        Ok(number)
    }
}
