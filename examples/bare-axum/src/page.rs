//! The page, written by hand: this app has no templates.

/// The entries, and the form to add one.
pub(crate) fn guest_book(entries: &[String], signed: u32, token: &str, nonce: &str) -> String {
    let mut items = String::new();
    for entry in entries {
        items += "<li>";
        items += &escape(entry);
        items += "</li>\n";
    }
    let thanks = match signed {
        0 => String::new(),
        times => format!("<p>You have signed {times} time(s): thank you!</p>\n"),
    };
    format!(
        r#"<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Guest book</title>
<style nonce="{nonce}">body {{ font-family: sans-serif; margin: 2em auto; max-width: 30em }}</style></head>
<body>
<h1>Guest book</h1>
{thanks}<ul>
{items}</ul>
<form method="post">
<input type="hidden" name="csrfmiddlewaretoken" value="{token}">
<label>Your words <input name="text" required></label> <button>Sign</button>
</form>
</body>
</html>
"#
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
