//! `slugify`: text for URLs, `joel-is-a-slug`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|slugify }}")?;
//! assert_eq!(page.render(&context! { v: " Joel is à  slug! " }, &NoServices)?, "joel-is-a-slug");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::library::FilterCall;
use crate::value::Value;

pub(super) fn slugify<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    let text = value.to_text();
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' | '_' => out.push(c),
            c if c == '-' || c.is_whitespace() => {
                if !out.ends_with('-') {
                    out.push('-');
                }
            }
            c => out.push_str(plain(c)),
        }
    }
    Ok(Value::from(out.trim_matches(['-', '_']).to_owned()))
}

/// The ASCII letters or digit that are left of a character without its marks; nothing for other characters.
fn plain(c: char) -> &'static str {
    if c.is_ascii() {
        return "";
    }
    PLAIN
        .iter()
        .find(|(_, marked)| marked.contains(c))
        .map_or("", |(plain, _)| plain)
}

/// Small letters with marks, and digits in other shapes, by what Unicode's compatibility decomposition leaves in ASCII.
#[rustfmt::skip]
const PLAIN: [(&str, &str); 42] = [
    ("0", "⁰₀⓪㍘０"),
    ("1", "¹₁⅟①㋀㍙㏠１"),
    ("2", "²₂②㋁㍚㏡２"),
    ("3", "³₃③㋂㍛㏢３"),
    ("4", "⁴₄④㋃㍜㏣４"),
    ("5", "⁵₅⑤㋄㍝㏤５"),
    ("6", "⁶₆⑥㋅㍞㏥６"),
    ("7", "⁷₇⑦㋆㍟㏦７"),
    ("8", "⁸₈⑧㋇㍠㏧８"),
    ("9", "⁹₉⑨㋈㍡㏨９"),
    ("a", "ªàáâãäåāăąǎǟǡǻȁȃȧᴬᵃḁẚạảấầẩẫậắằẳẵặₐⓐ㎂ａ"),
    ("b", "ᴮᵇḃḅḇℬⓑｂ"),
    ("c", "çćĉċčᶜḉℂ℃ℭⅽⓒｃ"),
    ("d", "ďᴰᵈḋḍḏḑḓⅅⅆⅾⓓｄ"),
    ("e", "èéêëēĕėęěȅȇȩᴱᵉḕḗḙḛḝẹẻẽếềểễệₑℯℰⅇⓔｅ"),
    ("f", "ᶠḟ℉ℱⓕ㎌ｆ"),
    ("g", "ĝğġģǧǵᴳᵍḡℊⓖ㎍ｇ"),
    ("h", "ĥȟʰᴴḣḥḧḩḫẖₕℋℌℍℎⓗｈ"),
    ("i", "ìíîïĩīĭįİǐȉȋᴵᵢḭḯỉịⁱℐℑℹⅈⅰⓘｉ"),
    ("j", "ĵǰʲᴶⅉⓙⱼｊ"),
    ("k", "ķǩᴷᵏḱḳḵₖⓚ㏀ｋ"),
    ("l", "ĺļľŀˡᴸḷḹḻḽₗℒℓⅼⓛ㎕ｌ"),
    ("m", "ᴹᵐḿṁṃₘℳⅿⓜ㎛㏁ｍ"),
    ("n", "ñńņňŉǹᴺṅṇṉṋⁿₙℕⓝｎ"),
    ("o", "ºòóôõöōŏőơǒǫǭȍȏȫȭȯȱᴼᵒṍṏṑṓọỏốồổỗộớờởỡợₒℴⓞｏ"),
    ("p", "ᴾᵖṕṗₚℙⓟｐ"),
    ("q", "ℚⓠｑ"),
    ("r", "ŕŗřȑȓʳᴿᵣṙṛṝṟℛℜℝⓡｒ"),
    ("s", "śŝşšſșˢṡṣṥṧṩẛₛⓢ㎲ｓ"),
    ("t", "ţťțᵀᵗṫṭṯṱẗₜⓣｔ"),
    ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗᵁᵘᵤṳṵṷṹṻụủứừửữựⓤｕ"),
    ("v", "ᵛᵥṽṿⅴⓥⱽ㎶ｖ"),
    ("w", "ŵʷᵂẁẃẅẇẉẘⓦ㎼ｗ"),
    ("x", "ˣẋẍₓⅹⓧｘ"),
    ("y", "ýÿŷȳʸẏẙỳỵỷỹⓨｙ"),
    ("z", "źżžᶻẑẓẕℤℨⓩｚ"),
    ("ff", "ﬀ"),
    ("fi", "ﬁ"),
    ("fl", "ﬂ"),
    ("st", "ﬅﬆ"),
    ("ffi", "ﬃ"),
    ("ffl", "ﬄ"),
];
