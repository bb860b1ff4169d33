//! One password hash: PBKDF2 with SHA-256, as the site hashes it.
//!
//! Reads `PBKDF2_PASSWORD`, `PBKDF2_SALT` and `PBKDF2_ITERATIONS`, and prints a line of JSON with the time, the processor time and the hash.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program for the command line reads its environment and prints"
)]

use std::error::Error;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nuages::auth::passwords::{PasswordHasher as _, Pbkdf2};
use nuages_crypto::encoding::hex_encode;

fn main() -> Result<(), Box<dyn Error>> {
    let text = |name: &str, default: &str| std::env::var(name).unwrap_or(default.to_owned());
    let password = text("PBKDF2_PASSWORD", "correct horse battery staple");
    let salt = text("PBKDF2_SALT", "seasalt1234567890abcde");
    let iterations = text("PBKDF2_ITERATIONS", "1200000").parse()?;
    let hasher = Pbkdf2::sha256().iterations(iterations);
    let (start, before) = (Instant::now(), processor_time()?);
    let encoded = hasher.encode(password.as_bytes(), &salt)?;
    let (wall, cpu) = (start.elapsed().as_secs_f64(), processor_time()? - before);
    let hash = encoded.rsplit('$').next().unwrap_or_default();
    let check = hex_encode(STANDARD.decode(hash)?);
    println!(
        r#"{{"stack":"nuages","op":"pbkdf2","wall":{wall:.6},"cpu":{cpu:.6},"check":"{check}"}}"#
    );
    Ok(())
}

/// The processor time of this thread in seconds, as the scheduler counts it.
fn processor_time() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds: f64 = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(nanoseconds / 1e9)
}
