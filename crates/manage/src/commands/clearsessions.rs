//! `clearsessions`: deletes the sessions that have expired, and the failed logins that do not count any more.

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
    if site.labels().contains(&"auth") {
        let deleted = site.auth(&db)?.login_throttle().clear_expired().await?;
        console.line(format_args!("{deleted} old login attempts deleted."));
    }
    Ok(())
}
