//! `clearsessions`: deletes the sessions that have expired.

use nuages_app::BuiltSite;

use crate::console::Console;
use crate::error::CommandError;

pub(crate) async fn run(site: &BuiltSite, console: &Console) -> Result<(), CommandError> {
    let db = site.connect().await?;
    let deleted = site
        .session_store(&db, &site.caches(&db)?)?
        .clear_expired(site.clock().now())
        .await?;
    console.line(format_args!("{deleted} expired sessions deleted."));
    Ok(())
}
