//! HTTP/2 frames that carry nothing, counted as they come in.
//!
//! The library under us answers pings and settings one by one, for as long as a client likes.
//! Each costs little memory but some work, so that a flood of them is stopped here.

use std::time::Duration;

use tokio::time::Instant;

/// What an HTTP/2 connection begins with.
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The head of a frame: length, type, flags, stream.
const HEAD: usize = 9;
/// Padding of a data frame, with its length, is no longer than this.
const MAX_PADDING: usize = 256;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const PADDED: u8 = 8;

/// Why a connection is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Cut {
    /// More frames without a content than any browser sends.
    #[error(
        "the client sent more HTTP/2 frames without content than server_http2_max_overhead_frames allows"
    )]
    Flood,
    /// `server_http2` is off, or the feature `http2`.
    #[error("the client speaks HTTP/2, which is turned off")]
    NoHttp2,
}

/// Reads what comes in beside the library, and counts what carries nothing.
#[derive(Debug)]
pub(super) struct FrameMeter {
    state: State,
    is_allowed: bool,
    budget: u32,
    most: u32,
    refilled: Instant,
    /// Bytes sent that have not yet earned anything.
    sent: u64,
}

#[derive(Debug)]
enum State {
    /// So many bytes of the preface have come.
    Preface(usize),
    /// HTTP/1: nothing to count.
    Off,
    Head([u8; HEAD], usize),
    Payload(usize),
}

impl FrameMeter {
    /// A meter for a connection; `None` where no HTTP/2 is spoken, and zero for no limit.
    pub(super) fn new(most: Option<u32>) -> Self {
        let is_allowed = most.is_some();
        let most = most.unwrap_or(0);
        Self {
            state: State::Preface(0),
            is_allowed,
            budget: most,
            most,
            refilled: Instant::now(),
            sent: 0,
        }
    }

    /// Bytes that came in.
    pub(super) fn receive(&mut self, mut bytes: &[u8]) -> Result<(), Cut> {
        while !bytes.is_empty() {
            match &mut self.state {
                State::Off => return Ok(()),
                State::Preface(seen) => {
                    let count = bytes.len().min(PREFACE.len() - *seen);
                    if bytes[..count] != PREFACE[*seen..*seen + count] {
                        self.state = State::Off;
                        return Ok(());
                    }
                    *seen += count;
                    bytes = &bytes[count..];
                    if *seen == PREFACE.len() {
                        if !self.is_allowed {
                            return Err(Cut::NoHttp2);
                        }
                        self.state = State::Head([0; HEAD], 0);
                    }
                }
                State::Head(head, filled) => {
                    let count = bytes.len().min(HEAD - *filled);
                    head[*filled..*filled + count].copy_from_slice(&bytes[..count]);
                    *filled += count;
                    bytes = &bytes[count..];
                    if *filled == HEAD {
                        let head = *head;
                        let length = usize::from(head[0]) << 16
                            | usize::from(head[1]) << 8
                            | usize::from(head[2]);
                        self.state = after(length);
                        if is_overhead(length, head[3], head[4]) {
                            self.spend()?;
                        }
                    }
                }
                State::Payload(left) => {
                    let count = bytes.len().min(*left);
                    bytes = &bytes[count..];
                    self.state = after(*left - count);
                }
            }
        }
        Ok(())
    }

    /// So many bytes were sent: window updates for them are no overhead.
    pub(super) fn send(&mut self, bytes: usize) {
        if matches!(self.state, State::Off) {
            return;
        }
        self.sent += bytes as u64;
        let earned = u32::try_from(self.sent / 1024).unwrap_or(u32::MAX);
        self.sent %= 1024;
        self.earn(earned);
    }

    fn earn(&mut self, frames: u32) {
        self.budget = self.budget.saturating_add(frames).min(self.most);
    }

    fn spend(&mut self) -> Result<(), Cut> {
        if self.most == 0 {
            return Ok(());
        }
        if self.budget == 0 {
            let since = self.refilled.elapsed();
            let tenths = since.min(Duration::from_secs(10)).as_millis();
            let earned = u128::from(self.most) * tenths / 10_000;
            if earned > 0 {
                self.refilled = Instant::now();
                self.earn(u32::try_from(earned).unwrap_or(u32::MAX));
            }
        }
        self.budget = self.budget.checked_sub(1).ok_or(Cut::Flood)?;
        Ok(())
    }
}

fn after(left: usize) -> State {
    match left {
        0 => State::Head([0; HEAD], 0),
        left => State::Payload(left),
    }
}

/// Pings, settings, resets, priorities, window updates, what is unknown, and data and header frames
/// with nothing in them.
fn is_overhead(length: usize, kind: u8, flags: u8) -> bool {
    match kind {
        DATA if flags & END_STREAM != 0 => false,
        DATA => length == 0 || (flags & PADDED != 0 && length <= MAX_PADDING),
        HEADERS => false,
        CONTINUATION => length == 0,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let mut frame = vec![length[1], length[2], length[3], kind, flags, 0, 0, 0, 1];
        frame.extend_from_slice(payload);
        frame
    }

    /// How many of these frames are taken.
    fn taken(meter: &mut FrameMeter, frame: &[u8], count: usize) -> usize {
        (0..count)
            .find(|_| meter.receive(frame) == Err(Cut::Flood))
            .unwrap_or(count)
    }

    fn meter() -> FrameMeter {
        let mut meter = FrameMeter::new(Some(100));
        meter.receive(PREFACE).unwrap();
        meter
    }

    #[test]
    fn frames_that_carry_nothing_are_counted() {
        for (kind, flags, payload) in [
            (6, 0, &[0_u8; 8][..]),
            (4, 0, &[]),
            (3, 0, &[0; 4]),
            (8, 0, &[0; 4]),
            (2, 0, &[0; 5]),
            (0, 0, &[]),
            (0, PADDED, &[3, 0, 0, 0]),
            (9, 0, &[]),
            (99, 0, &[1]),
        ] {
            let count = taken(&mut meter(), &frame(kind, flags, payload), 1000);
            assert!((100..200).contains(&count), "{kind}: {count}");
        }
        for (kind, flags, payload) in [
            (0, 0, &[7_u8; 100][..]),
            (1, 4, &[7; 10]),
            (0, END_STREAM, &[]),
        ] {
            assert_eq!(
                taken(&mut meter(), &frame(kind, flags, payload), 1000),
                1000
            );
        }
    }

    #[test]
    fn time_and_what_we_send_earn_new_ones() {
        // With nothing after the head, so that the meter stays in step when it has had enough.
        let ping = frame(6, 0, &[]);
        let mut meter = meter();
        // A slow machine earns a few more on the way.
        let expect = |meter: &mut FrameMeter, least: usize| {
            let count = taken(meter, &ping, 1000);
            assert!((least..least + 15).contains(&count), "{least}: {count}");
        };
        expect(&mut meter, 100);
        meter.refilled -= Duration::from_secs(2);
        expect(&mut meter, 20);
        meter.send(50 * 1024);
        expect(&mut meter, 50);
    }

    #[test]
    fn http_1_is_not_counted() {
        let mut meter = FrameMeter::new(Some(1));
        meter.receive(b"PRI ").unwrap();
        meter.receive(b"/ HTTP/1.1\r\n").unwrap();
        assert_eq!(taken(&mut meter, &frame(6, 0, &[]), 50), 50);
    }

    #[test]
    fn where_http_2_is_off_its_preface_is_refused() {
        let mut meter = FrameMeter::new(None);
        assert_eq!(meter.receive(PREFACE), Err(Cut::NoHttp2));
        let mut meter = FrameMeter::new(Some(0));
        meter.receive(PREFACE).unwrap();
        assert_eq!(taken(&mut meter, &frame(6, 0, &[0; 8]), 5000), 5000);
    }

    proptest! {
        #[test]
        fn it_does_not_matter_where_the_pieces_are_cut(
            lengths in prop::collection::vec(0_usize..40, 0..60),
            cut in 1_usize..30,
        ) {
            let mut stream = PREFACE.to_vec();
            for length in &lengths {
                stream.extend(frame(6, 0, &vec![0; *length]));
            }
            let mut whole = FrameMeter::new(Some(50));
            let mut pieces = FrameMeter::new(Some(50));
            let expected = whole.receive(&stream);
            let found = stream.chunks(cut).try_for_each(|piece| pieces.receive(piece));
            prop_assert_eq!(expected, found);
            prop_assert_eq!(expected.is_err(), lengths.len() > 50);
        }
    }
}
