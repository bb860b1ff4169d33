//! A download that is made while it is sent: constant memory, first byte at once.

use std::convert::Infallible;
use std::fmt::Write;

use futures_util::stream;
use nuages::prelude::*;

const ROWS: u32 = 100_000;
const ROWS_A_CHUNK: u32 = 500;

/// Streams a table of squares as CSV.
pub async fn download() -> StreamResponse {
    let chunks = (0..ROWS)
        .step_by(ROWS_A_CHUNK as usize)
        .map(|start| Ok::<_, Infallible>(chunk(start)));
    StreamResponse::new(stream::iter(chunks))
        .content_type("text/csv; charset=utf-8")
        .attachment("squares.csv")
}

/// The rows from `start` on; the first chunk begins with the names of the columns.
fn chunk(start: u32) -> String {
    let mut text = if start == 0 {
        "number,square\r\n".to_owned()
    } else {
        String::new()
    };
    for number in start..start + ROWS_A_CHUNK {
        // Writing into a String cannot fail.
        let _ = write!(text, "{number},{}\r\n", u64::from(number).pow(2));
    }
    text
}
