//! What a cell shows until the thumbnail of its photo is made: a coarse picture at once.
//!
//! It is made when the window asks, for the cells that somebody looks at, the latest first; and they are then
//! the next whose thumbnails are made.
//!
//! **Invariant:** it is never kept: not in the cache of thumbnails, nor at any destination.

use crate::blocking::blocking;
use crate::context::Context;
use crate::lock::lock;
use crate::picture::Picture;
use crate::scan;
use crate::store::files;
use crate::store::photos::{self, PhotoId, Thumb};
use crate::thumb_cache;
use std::sync::Mutex;
use tokio::sync::oneshot;

/// What has a first paint. Of other formats nobody need be asked.
const FORMAT: &str = "image/jpeg";
/// What was scrolled past this long ago need not be painted, nor have its thumbnail first.
const MOST_LOOKED_AT: usize = 200;

/// The photos without a thumbnail that somebody looks at.
#[derive(Debug, Default)]
pub(crate) struct LookedAt {
    /// The latest last.
    photos: Mutex<Vec<PhotoId>>,
    painting: Line,
}

impl LookedAt {
    fn note(&self, id: PhotoId) {
        let mut photos = lock(&self.photos);
        photos.retain(|photo| *photo != id);
        photos.push(id);
        let surplus = photos.len().saturating_sub(MOST_LOOKED_AT);
        photos.drain(..surplus);
    }

    /// The one that was looked at last; it is then no more among them.
    pub(crate) fn next(&self) -> Option<PhotoId> {
        lock(&self.photos).pop()
    }
}

/// None: the thumbnail is there, or has to be waited for.
pub(crate) async fn of(context: &Context, id: PhotoId) -> crate::Result<Option<Picture>> {
    let (photo, sources) = context
        .store
        .read(move |db| Ok((photos::get(db, id)?, files::sources(db, id)?)))
        .await?;
    let Some(photo) = photo.filter(|photo| photo.thumb == Thumb::Wanted) else {
        return Ok(None);
    };
    context.looked_at.note(id);
    let source = sources.into_iter().find(|source| !source.away);
    let Some(source) = source.filter(|_| photo.media_type == FORMAT) else {
        return Ok(None);
    };
    let Some(_turn) = context.looked_at.painting.turn().await else {
        return Ok(None);
    };
    let made = context
        .workers
        .first_paint(&source.path, thumb_cache::SIZE)
        .await;
    let path = source.path.clone();
    let seen = blocking(move || scan::seen(&path)).await;
    // Only of the very bytes that the row is about.
    if !seen.is_ok_and(|(seen, _)| source.seen.has_size_and_time_of(seen)) {
        return Ok(None);
    }
    match made {
        Ok(paint) => Ok(paint.map(|paint| Picture {
            bytes: paint.jpeg,
            content_type: FORMAT,
        })),
        Err(error) => {
            tracing::info!(path = %source.path.display(), %error, "no first paint");
            Ok(None)
        }
    }
}

/// One at a time, the latest first: others want the workers too, and who scrolls on looks at the latest.
#[derive(Debug, Default)]
struct Line(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    busy: bool,
    /// The latest last.
    waiting: Vec<oneshot::Sender<()>>,
}

impl Line {
    /// None: many came later.
    async fn turn(&self) -> Option<Turn<'_>> {
        let called = {
            let mut line = lock(&self.0);
            if !line.busy {
                line.busy = true;
                return Some(Turn(self));
            }
            let (call, called) = oneshot::channel();
            line.waiting.push(call);
            let surplus = line.waiting.len().saturating_sub(MOST_LOOKED_AT);
            line.waiting.drain(..surplus);
            Called {
                line: self,
                called: Some(called),
            }
        };
        called.turn().await
    }

    fn end_turn(&self) {
        let mut line = lock(&self.0);
        while let Some(call) = line.waiting.pop() {
            if call.send(()).is_ok() {
                return;
            }
        }
        line.busy = false;
    }
}

/// Waits to be called. One that is called and no more there passes its turn on.
struct Called<'a> {
    line: &'a Line,
    /// None: it was answered.
    called: Option<oneshot::Receiver<()>>,
}

impl<'a> Called<'a> {
    async fn turn(mut self) -> Option<Turn<'a>> {
        let answer = match &mut self.called {
            Some(called) => called.await,
            None => return None,
        };
        self.called = None;
        answer.ok().map(|()| Turn(self.line))
    }
}

impl Drop for Called<'_> {
    fn drop(&mut self) {
        let Some(mut called) = self.called.take() else {
            return;
        };
        called.close();
        if called.try_recv().is_ok() {
            self.line.end_turn();
        }
    }
}

/// Held while something is painted.
struct Turn<'a>(&'a Line);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.end_turn();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    fn poll<T>(future: std::pin::Pin<&mut impl Future<Output = T>>) -> Poll<T> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn the_latest_is_first() {
        let line = Line::default();
        let Poll::Ready(Some(first)) = poll(pin!(line.turn())) else {
            panic!("nobody was before")
        };
        let (mut second, mut third) = (pin!(line.turn()), pin!(line.turn()));
        assert!(poll(second.as_mut()).is_pending());
        assert!(poll(third.as_mut()).is_pending());
        drop(first);
        assert!(poll(second.as_mut()).is_pending());
        let Poll::Ready(Some(turn)) = poll(third.as_mut()) else {
            panic!("it came last")
        };
        drop(turn);
        assert!(matches!(poll(second), Poll::Ready(Some(_))));
        assert!(matches!(poll(pin!(line.turn())), Poll::Ready(Some(_))));
    }

    #[test]
    fn who_goes_away_holds_nobody_up() {
        let line = Line::default();
        let Poll::Ready(Some(first)) = poll(pin!(line.turn())) else {
            panic!("nobody was before")
        };
        let mut waits = pin!(line.turn());
        assert!(poll(waits.as_mut()).is_pending());
        {
            let (mut gone, mut called) = (pin!(line.turn()), pin!(line.turn()));
            assert!(poll(gone.as_mut()).is_pending());
            assert!(poll(called.as_mut()).is_pending());
            // The latest is called, and goes without having heard.
            drop(first);
        }
        assert!(matches!(poll(waits), Poll::Ready(Some(_))));
    }

    #[test]
    fn what_was_scrolled_past_long_ago_is_not_painted() {
        let line = Line::default();
        let Poll::Ready(Some(_turn)) = poll(pin!(line.turn())) else {
            panic!("nobody was before")
        };
        let mut turns: Vec<_> = (0..=MOST_LOOKED_AT)
            .map(|_| Box::pin(line.turn()))
            .collect();
        let waiting = turns.iter_mut().map(|turn| poll(turn.as_mut()));
        assert!(waiting.into_iter().all(|polled| polled.is_pending()));
        assert!(matches!(poll(turns[0].as_mut()), Poll::Ready(None)));
        assert!(poll(turns[1].as_mut()).is_pending());
    }

    #[test]
    fn photos_looked_at_are_bounded_and_each_is_there_once() {
        let looked_at = LookedAt::default();
        for id in (0..1000).chain([5, 998]) {
            looked_at.note(PhotoId(id));
        }
        let mut found = Vec::new();
        while let Some(PhotoId(id)) = looked_at.next() {
            found.push(id);
        }
        assert_eq!(found.len(), MOST_LOOKED_AT);
        assert_eq!(found[..4], [998, 5, 999, 997]);
    }
}
