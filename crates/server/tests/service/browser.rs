//! Pages, tokens and sessions: who may ask.

use crate::client::{Pairs, photo, raw, status, upload};
use crate::program::{Program, eventually, run};
use reqwest::{Client, Method, StatusCode};

#[tokio::test]
async fn a_foreign_host_and_a_foreign_origin_are_refused_everywhere() {
    let program = Program::monolith(&["--host", "nas.example", "--origin", "https://ui.example"]);
    let own = format!("http://{}", program.address);
    //  name, headers, status
    let cases: [(&str, Pairs<'_>, u16); 8] = [
        ("nothing odd", &[], 200),
        ("a named host", &[("host", "nas.example")], 200),
        ("another host", &[("host", "evil.example")], 403),
        ("its own origin", &[("origin", &own)], 200),
        ("a named origin", &[("origin", "https://ui.example")], 200),
        ("another origin", &[("origin", "https://evil.example")], 403),
        ("a sandbox", &[("origin", "null")], 403),
        (
            "its origin by another name",
            &[("host", "nas.example"), ("origin", &own)],
            403,
        ),
    ];
    for (name, headers, expected) in cases {
        for path in ["/gallery", "/healthz", "/", "/metrics"] {
            let mut request = Client::new().get(program.url(path));
            for (header, value) in headers {
                request = request.header(*header, *value);
            }
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), expected, "{name} {path}");
        }
    }
    let missing = raw(
        &program,
        b"GET /gallery HTTP/1.1\r\nConnection: close\r\n\r\n",
    );
    assert_eq!(status(&missing), Some(400));
}

#[tokio::test]
async fn a_named_page_is_told_that_it_may_and_others_are_not() {
    let program = Program::monolith(&["--origin", "https://ui.example"]);
    let ask = |method: Method, path: &str, origin: &'static str| {
        let request = Client::new().request(method, program.url(path));
        let request = request.header("origin", origin);
        async { request.send().await.unwrap() }
    };
    let preflight = ask(Method::OPTIONS, "/Prod/upload/", "https://ui.example").await;
    assert_eq!(preflight.status(), StatusCode::NO_CONTENT);
    let headers = preflight.headers();
    assert_eq!(headers["access-control-allow-origin"], "https://ui.example");
    assert!(
        headers["access-control-allow-methods"]
            .to_str()
            .unwrap()
            .contains("POST")
    );
    assert!(
        headers["access-control-allow-headers"]
            .to_str()
            .unwrap()
            .contains("authorization")
    );
    assert!(!headers.contains_key("access-control-allow-credentials"));

    let list = ask(Method::GET, "/gallery", "https://ui.example").await;
    assert_eq!(
        list.headers()["access-control-allow-origin"],
        "https://ui.example"
    );
    let exposed = &list.headers()["access-control-expose-headers"];
    for name in ["link", "retry-after"] {
        assert!(exposed.to_str().unwrap().contains(name), "{name}");
    }
    assert_eq!(list.headers()["vary"], "Origin");

    let foreign = ask(Method::OPTIONS, "/upload", "https://evil.example").await;
    assert_eq!(foreign.status(), 403);
    assert!(
        !foreign
            .headers()
            .contains_key("access-control-allow-origin")
    );
}

#[tokio::test]
async fn a_named_page_can_read_that_a_token_is_wanted() {
    let words = ["--folder", "images", "--origin", "https://ui.example"];
    let program = Program::with(&words, &[("IMGN_TOKEN", "a-token")]);
    let request = Client::new().get(program.url("/gallery"));
    let answer = request.header("origin", "https://ui.example").send();
    let answer = answer.await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        answer.headers()["access-control-allow-origin"],
        "https://ui.example"
    );
}

#[tokio::test]
async fn pictures_are_shown_by_pages_elsewhere_only_where_some_are_named() {
    //  words, what may show a picture
    let cases: [(&[&str], &str); 2] = [
        (&[], "same-origin"),
        (&["--origin", "https://ui.example"], "cross-origin"),
    ];
    for (words, expected) in cases {
        let program = Program::monolith(words);
        let key = upload(&program, "a.jpg", &photo(1)).await.key;
        let policy = async |path: &str| {
            let answer = Client::new().get(program.url(path)).send().await.unwrap();
            answer.headers()["cross-origin-resource-policy"].clone()
        };
        assert_eq!(policy(&format!("/gallery/{key}")).await, expected);
        assert_eq!(policy("/gallery").await, "same-origin");
    }
}

#[tokio::test]
async fn a_token_opens_all_and_a_session_what_a_browser_needs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "se+cret\n").unwrap();
    let program = Program::monolith(&["--token-file", file.to_str().unwrap()]);
    let client = Client::new();
    let login = |body: &'static str, kind: &'static str| {
        let request = client.post(program.url("/session"));
        let request = request.header("content-type", kind).body(body);
        async { request.send().await.unwrap() }
    };
    for (body, kind) in [
        ("", "text/plain"),
        ("token=wrong", "application/x-www-form-urlencoded"),
        (r#"{"token":"wrong"}"#, "application/json"),
        (r#"{"token":""}"#, "application/json"),
        (r#"{}"#, "application/json"),
    ] {
        let answer = login(body, kind).await;
        assert_eq!(answer.status(), 401, "{body}");
        assert!(!answer.headers().contains_key("set-cookie"));
    }
    let form = login("token=se%2Bcret", "application/x-www-form-urlencoded").await;
    assert_eq!(form.status(), 204);
    let json = login(r#"{"token":"se+cret"}"#, "application/json").await;
    let cookie = json.headers()["set-cookie"].to_str().unwrap().to_owned();
    for word in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    assert!(!cookie.contains("se+cret"));
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let out = client.delete(program.url("/session")).send().await.unwrap();
    assert_eq!(out.status(), 204);
    let forgotten = out.headers()["set-cookie"].to_str().unwrap();
    assert!(forgotten.starts_with("imgn_session=;"), "{forgotten}");
    assert!(forgotten.contains("Max-Age=0"), "{forgotten}");

    //  path, without anything, with the session, with the token
    let cases = [
        ("/healthz", 200, 200, 200),
        ("/", 200, 200, 200),
        ("/gallery", 401, 200, 200),
        ("/Prod/gallery/", 401, 200, 200),
        ("/gallery/a.jpg", 401, 404, 404),
        ("/thumbs/a.webp", 401, 404, 404),
        ("/metrics", 401, 401, 200),
    ];
    for (path, without, session, token) in cases {
        let get = |header: Option<(&'static str, String)>| {
            let mut request = client.get(program.url(path));
            if let Some((name, value)) = header {
                request = request.header(name, value);
            }
            async { request.send().await.unwrap().status().as_u16() }
        };
        assert_eq!(get(None).await, without, "{path}");
        assert_eq!(
            get(Some(("cookie", cookie.clone()))).await,
            session,
            "{path}"
        );
        let bearer = "Bearer se+cret".to_owned();
        assert_eq!(get(Some(("authorization", bearer))).await, token, "{path}");
        let wrong = "Bearer wrong".to_owned();
        assert_eq!(get(Some(("authorization", wrong))).await, without, "{path}");
    }
    for path in ["/upload", "/events"] {
        let answer = client
            .post(program.url(path))
            .body("x")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 401, "{path}");
        assert_eq!(answer.headers()["www-authenticate"], "Bearer");
    }
    assert_eq!(program.files(), [""; 0]);
    assert!(!program.log().contains("se+cret"));
}

#[tokio::test]
async fn nobody_is_let_in_from_other_machines_unless_it_was_said() {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("images");
    let words = [
        "--folder",
        images.to_str().unwrap(),
        "--listen",
        "0.0.0.0:0",
    ];
    let output = run(&words, &[]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("--anonymous"), "{said}");
    assert!(!images.exists(), "it began nevertheless");
}

#[tokio::test]
async fn the_folder_is_a_library_that_others_know() {
    let program = Program::monolith(&[]);
    upload(&program, "a.jpg", &photo(1)).await;
    let marker = std::fs::read(program.images().join(".imgn/destination.json")).unwrap();
    let marker: remote::Marker = serde_json::from_slice(&marker).unwrap();
    let folder = remote::Folder::new(program.images());
    remote::Remote::check(&folder, &marker).await.unwrap();
    eventually("that all is done", || async {
        program.images().join("2024/05/a.jpg.meta").exists()
    })
    .await;
    // A disk that is not there is no empty gallery.
    std::fs::rename(program.images(), program.images().with_extension("away")).unwrap();
    let answer = reqwest::get(program.url("/gallery")).await.unwrap();
    assert_eq!(answer.status(), 503);
    let body = crate::client::one_file("b.jpg", &photo(2));
    let answer = crate::client::post_old(&program, body).await;
    assert!(answer.status().is_server_error(), "{}", answer.status());
    assert!(!program.images().exists());
}

#[tokio::test]
async fn a_client_that_waits_for_a_word_is_refused_before_it_sends() {
    let token = ("IMGN_TOKEN", "secret");
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("images");
    let program = Program::with(&["--folder", images.to_str().unwrap()], &[token]);
    //  name, headers, status
    let cases = [
        ("without a token", "Content-Length: 5000", 401),
        (
            "too large",
            "Authorization: Bearer secret\r\nContent-Length: 99999999999",
            400,
        ),
        ("for another host", "Content-Length: 5000", 403),
    ];
    for (name, headers, expected) in cases {
        let host = if expected == 403 {
            "evil.example"
        } else {
            "localhost"
        };
        let request = format!(
            "POST /upload HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nExpect: 100-continue\r\n\
             Content-Type: {}\r\n{headers}\r\n\r\n",
            crate::client::form_type()
        );
        let answer = raw(&program, request.as_bytes());
        assert_eq!(status(&answer), Some(expected), "{name}: {answer}");
    }
}
