//! What was read of each city a moment ago, held in memory so that it is not read for everybody who asks.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use domain::id::CityId;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::error::Error;

/// A value for each city, read anew once it is too old. One caller reads; the others go by what was read before, or wait
/// where nothing was.
pub(crate) struct Recent<T> {
    lasts: SignedDuration,
    read: RwLock<HashMap<CityId, (Timestamp, Arc<T>)>>,
    reading: Mutex<()>,
}

impl<T> Recent<T> {
    /// Values that are good for so long.
    pub(crate) fn new(lasts: SignedDuration) -> Self {
        Self { lasts, read: RwLock::default(), reading: Mutex::default() }
    }

    /// The value of a city at a moment.
    pub(crate) async fn get<F>(&self, city: CityId, now: Timestamp, read: impl FnOnce() -> F) -> Result<Arc<T>, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        if let Some(young) = self.young(city, now) {
            return Ok(young);
        }
        let reading = match (self.reading.try_lock(), self.last(city)) {
            (Ok(reading), _) => reading,
            (Err(_), Some(last)) => return Ok(last),
            (Err(_), None) => self.reading.lock().await,
        };
        if let Some(young) = self.young(city, now) {
            return Ok(young);
        }
        let value = Arc::new(read().await?);
        self.read.write().unwrap_or_else(PoisonError::into_inner).insert(city, (now, Arc::clone(&value)));
        drop(reading);
        Ok(value)
    }

    /// What was last read of a city, however old.
    pub(crate) fn last(&self, city: CityId) -> Option<Arc<T>> {
        let read = self.read.read().unwrap_or_else(PoisonError::into_inner);
        read.get(&city).map(|(_, value)| Arc::clone(value))
    }

    /// Lets a city be read anew. What is being read at this moment may be from before, so it goes as well.
    pub(crate) async fn forget(&self, city: CityId) {
        let reading = self.reading.lock().await;
        self.read.write().unwrap_or_else(PoisonError::into_inner).remove(&city);
        drop(reading);
    }

    fn young(&self, city: CityId, now: Timestamp) -> Option<Arc<T>> {
        let read = self.read.read().unwrap_or_else(PoisonError::into_inner);
        let (at, value) = read.get(&city)?;
        (now.duration_since(*at) < self.lasts).then(|| Arc::clone(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;
    use uuid::Uuid;

    const CITY: CityId = CityId(Uuid::nil());

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[tokio::test]
    async fn one_reads_while_the_others_go_by_what_was_read_before() {
        let recent = Recent::new(SignedDuration::from_secs(10));
        assert_eq!(*recent.get(CITY, at(0), || async { Ok(1) }).await.unwrap(), 1);
        assert_eq!(*recent.get(CITY, at(9), || async { panic!("it is young") }).await.unwrap(), 1);

        let (answer, asked) = oneshot::channel();
        let reader = recent.get(CITY, at(10), || async { Ok(asked.await.unwrap()) });
        let others = async {
            assert_eq!(*recent.get(CITY, at(11), || async { panic!("somebody reads") }).await.unwrap(), 1);
            answer.send(2).unwrap();
        };
        let (read, ()) = tokio::join!(reader, others);
        assert_eq!(*read.unwrap(), 2);
    }

    #[tokio::test]
    async fn where_nothing_was_read_the_others_wait_and_an_error_is_not_kept() {
        let recent = Recent::new(SignedDuration::from_secs(10));
        let (answer, asked) = oneshot::channel();
        let first = recent.get(CITY, at(0), || async { Err(asked.await.unwrap()) });
        let second = recent.get(CITY, at(0), || async { Ok(7) });
        let fail = async { answer.send(Error::Internal("the disk is gone".to_owned())).map_err(drop).unwrap() };
        let (failed, waited, ()) = tokio::join!(first, second, fail);
        assert!(failed.is_err());
        assert_eq!(*waited.unwrap(), 7);
    }

    #[tokio::test]
    async fn what_was_being_read_when_it_was_forgotten_does_not_stay() {
        let recent = Recent::new(SignedDuration::from_secs(10));
        let (answer, asked) = oneshot::channel();
        let reader = recent.get(CITY, at(0), || async { Ok(asked.await.unwrap()) });
        let send = async { answer.send("before").unwrap() };
        let (read, (), ()) = tokio::join!(reader, recent.forget(CITY), send);
        assert_eq!(*read.unwrap(), "before");
        assert_eq!(recent.last(CITY), None);
    }
}
