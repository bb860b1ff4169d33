//! A download that is made while it is sent: constant memory, first byte at once.

use futures_util::stream;
use nuages::prelude::*;

const ROWS: u32 = 100_000;
const ROWS_A_CHUNK: u32 = 500;

/// Streams a table of squares as CSV.
pub async fn download() -> Result<Response> {
    let chunks = stream::iter((0..ROWS).step_by(ROWS_A_CHUNK as usize).map(|start| {
        let mut chunk = if start == 0 {
            "number,square\r\n".to_owned()
        } else {
            String::new()
        };
        for number in start..start + ROWS_A_CHUNK {
            chunk.push_str(&format!(
                "{number},{}\r\n",
                u64::from(number) * u64::from(number)
            ));
        }
        chunk
    }));
    Download::new("squares.csv")
        .content_type("text/csv; charset=utf-8")
        .stream(chunks)
}
