//! How often a token may be guessed: some times at once, then one every few seconds from each network.
//!
//! Where a proxy asks for everybody, those who know the token come from where those who guess come from. So who has
//! shown it once is let in from there again; a proxy that sees who asks can do more.
//!
//! **Invariant:** wrong guesses shut nobody out of an address from which the token was shown before.

use crate::answer::Refusal;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Wrong ones that may come at once, as where somebody types, or several programs have an old token.
const AT_ONCE: u32 = 20;
/// Beyond that, one in this time.
const EVERY: Duration = Duration::from_secs(3);
/// Networks that are remembered; more can only come from many machines that guess together.
const MOST: usize = 4096;

/// Who asks, as the connection shows it: an address, or of IPv6 the network that one household has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Peer(IpAddr);

impl Peer {
    pub(crate) fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => {
                let network = v6.to_bits() & !u128::from(u64::MAX);
                IpAddr::V6(Ipv6Addr::from_bits(network))
            }
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

/// What was tried of late.
#[derive(Debug, Default)]
pub(crate) struct Guesses(Mutex<HashMap<Peer, Tried>>);

#[derive(Debug, Clone, Copy)]
struct Tried {
    /// When as many may be tried at once as at first.
    rested: Instant,
    has_shown_it: bool,
}

impl Tried {
    fn is_over(&self, now: Instant) -> bool {
        self.rested.saturating_duration_since(now) > EVERY * (AT_ONCE - 1)
    }
}

impl Guesses {
    /// Whether the token is right, as far as this peer may still try. Behind a gateway no peer is seen, and the
    /// gateway's own limit holds.
    pub(crate) fn judge(
        &self,
        peer: Option<Peer>,
        now: Instant,
        is_right: impl FnOnce() -> bool,
    ) -> Result<(), Refusal> {
        let Some(peer) = peer else {
            return is_right().then_some(()).ok_or(Refusal::Unauthorized);
        };
        let mut peers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tried = peers.get(&peer).copied().unwrap_or(Tried {
            rested: now,
            has_shown_it: false,
        });
        let is_over = tried.is_over(now);
        if is_over && !tried.has_shown_it {
            return Err(Refusal::TooManyGuesses);
        }
        let is_right = is_right();
        if is_right && tried.has_shown_it {
            return Ok(());
        }
        if peers.len() >= MOST {
            make_room(&mut peers, now);
        }
        if is_right {
            let tried = Tried {
                has_shown_it: true,
                ..tried
            };
            peers.insert(peer, tried);
            return Ok(());
        }
        if is_over {
            return Err(Refusal::TooManyGuesses);
        }
        let tried = Tried {
            rested: tried.rested.max(now) + EVERY,
            ..tried
        };
        peers.insert(peer, tried);
        Err(Refusal::Unauthorized)
    }
}

/// Forgets who has rested, and where that is not enough, everybody.
fn make_room(peers: &mut HashMap<Peer, Tried>, now: Instant) {
    peers.retain(|_, tried| tried.has_shown_it || tried.rested > now);
    if peers.len() >= MOST {
        peers.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Refusal::{TooManyGuesses, Unauthorized};

    fn peer(text: &str) -> Option<Peer> {
        Some(Peer::of(text.parse().unwrap()))
    }

    #[test]
    fn who_guesses_is_slowed_down_and_nobody_else() {
        let (guesses, begun) = (Guesses::default(), Instant::now());
        let wrong = |from, at| guesses.judge(from, at, || false);
        let right = |from, at| guesses.judge(from, at, || true);
        let (thief, owner) = (peer("198.51.100.7"), peer("192.0.2.1"));
        for _ in 0..AT_ONCE {
            assert_eq!(wrong(thief, begun), Err(Unauthorized));
        }
        assert_eq!(wrong(thief, begun), Err(TooManyGuesses));
        // Not even told that it was the right one.
        assert_eq!(right(thief, begun), Err(TooManyGuesses));
        assert_eq!(right(owner, begun), Ok(()));
        let later = begun + EVERY;
        assert_eq!(wrong(thief, later), Err(Unauthorized));
        assert_eq!(wrong(thief, later), Err(TooManyGuesses));
        assert_eq!(right(thief, later + EVERY * AT_ONCE), Ok(()));
    }

    #[test]
    fn behind_one_proxy_who_has_the_token_is_let_in_while_others_guess() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        let proxy = peer("10.0.0.1");
        assert_eq!(guesses.judge(proxy, now, || true), Ok(()));
        let ends: Vec<_> = (0..=AT_ONCE)
            .map(|_| guesses.judge(proxy, now, || false))
            .collect();
        assert_eq!(ends.last(), Some(&Err(TooManyGuesses)));
        assert_eq!(guesses.judge(proxy, now, || true), Ok(()));
    }

    #[test]
    fn behind_a_gateway_no_peer_is_seen() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        for _ in 0..AT_ONCE * 2 {
            assert_eq!(guesses.judge(None, now, || false), Err(Unauthorized));
        }
        assert_eq!(guesses.judge(None, now, || true), Ok(()));
    }

    #[test]
    fn a_household_is_one_peer() {
        //  name, address, address, the same
        let cases = [
            ("one network", "2001:db8::1", "2001:db8::ffff:2", true),
            ("two", "2001:db8::1", "2001:db8:0:1::1", false),
            (
                "both ways of writing",
                "::ffff:192.0.2.1",
                "192.0.2.1",
                true,
            ),
            ("neighbours", "192.0.2.1", "192.0.2.2", false),
        ];
        for (name, one, other, same) in cases {
            assert_eq!(peer(one) == peer(other), same, "{name}");
        }
    }

    #[test]
    fn many_that_guess_together_fill_no_memory() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        for at in 0..=u32::try_from(MOST).unwrap() {
            let from = Some(Peer::of(std::net::Ipv4Addr::from_bits(at).into()));
            assert_eq!(guesses.judge(from, now, || false), Err(Unauthorized));
        }
        assert!(guesses.0.lock().unwrap().len() <= MOST);
    }
}
