//! U13: positions in photos, from the upload to the error of a form.

use nuages::forms::ValidationError;
use nuages::web::{PostData, WebSettings, gps_from_exif};
use nuages_tests::Peak;

use super::target::{Folder, MULTIPART, body, file};

/// 33° 51' 24" south, 151° 12' 54" east.
const PHOTO: &[u8] = include_bytes!("../../../../../fuzz/seeds/exif/photo.jpeg");

/// Where in the photo its header begins, the letter of the latitude is, and its degrees.
const HEADER: usize = 12;
const LETTER: usize = HEADER + 36;
const DEGREES: usize = HEADER + 80;

fn changed(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut photo = PHOTO.to_vec();
    photo[at..at + bytes.len()].copy_from_slice(bytes);
    photo
}

/// What guides do with the numbers of a photo.
fn naive(photo: &[u8]) -> f64 {
    let number = |at: usize| {
        let bytes = photo[at..at + 4].try_into().unwrap();
        f64::from(u32::from_be_bytes(bytes))
    };
    let part = |index: usize| number(DEGREES + 8 * index) / number(DEGREES + 8 * index + 4);
    let sign = match photo[LETTER] {
        b'N' => 1.0,
        b'S' => -1.0,
        _ => 0.0,
    };
    (part(0) + part(1) / 60.0 + part(2) / 3600.0) * sign
}

#[test]
fn u13_a_broken_position_is_an_error_of_the_form_and_no_place() {
    for (what, photo) in [
        ("letter", changed(LETTER, b"X")),
        ("91", changed(DEGREES, &91_u32.to_be_bytes())),
        ("0/0", changed(DEGREES, &[0; 8])),
    ] {
        let error = ValidationError::from(gps_from_exif(&photo).unwrap_err());
        assert_eq!(error.get_code(), "invalid_position", "{what}");
        assert_eq!(error.to_html(), "The position in the image cannot be read.");
        // The pair: whoever only computes gets some number.
        let wrong = naive(&photo);
        assert!(
            wrong == 0.0 || wrong.abs() > 90.0 || wrong.is_nan(),
            "{what}: {wrong}"
        );
    }
    let (longitude, latitude) = gps_from_exif(PHOTO).unwrap().unwrap();
    assert!((longitude - 151.215).abs() < 1e-9);
    assert!((latitude - naive(PHOTO)).abs() < 1e-9);
}

#[tokio::test]
async fn u13_of_a_large_photo_on_the_disk_only_the_header_is_read() {
    let folder = Folder::new();
    let settings = WebSettings {
        file_upload_max_memory_size: 0,
        file_upload_temp_dir: Some(folder.temporary().display().to_string()),
        ..WebSettings::default()
    };
    let photo = [PHOTO, &vec![0x55; 40_000_000]].concat();
    let request = http::Request::post("/")
        .header("content-type", MULTIPART)
        .body(body(&[file("a.jpg", photo)]).into());
    let data = PostData::read(request.unwrap(), &settings).await.unwrap();
    let photo = data.file("file").unwrap();
    assert!(photo.temporary_path().is_some());
    let peak = Peak::mark();
    let found = photo.gps().await.unwrap();
    assert!(peak.growth_in_kib().is_none_or(|kib| kib < 8 * 1024));
    assert_eq!(found, gps_from_exif(PHOTO).unwrap());
}
