//! What is answered but to uploads, line by line of the contract.

use crate::client::{gallery, photo, raw, status, upload};
use crate::program::{Program, eventually};
use reqwest::{Client, StatusCode, redirect::Policy};

#[tokio::test]
async fn health_says_which_service_it_is_under_any_prefix() {
    let program = Program::monolith(&[]);
    for path in ["/healthz", "/healthz/", "/Prod/healthz", "/Prod/healthz/"] {
        let answer = reqwest::get(program.url(path)).await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/json");
        assert_eq!(
            answer.text().await.unwrap(),
            r#"{"service":"imgn","api":1}"#,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_gallery_is_an_array_in_key_order_page_by_page() {
    let program = Program::monolith(&[]);
    assert_eq!(gallery(&program).await, []);
    let names = ["b.jpg", "it's <a>.jpg", "a#?.jpg", "A.jpg", "é.jpg"];
    for (seed, name) in names.iter().enumerate() {
        upload(&program, name, &photo(seed as u64)).await;
    }
    let all = gallery(&program).await;
    let keys: Vec<_> = all.iter().map(|entry| entry.key.clone().unwrap()).collect();
    let mut expected: Vec<_> = names.iter().map(|name| format!("2024/05/{name}")).collect();
    expected.sort();
    assert_eq!(keys, expected);
    assert_eq!(all[3].src, "gallery/2024/05/it%27s%20%3Ca%3E.jpg");
    for entry in &all {
        let answer = reqwest::get(program.url(&format!("/{}", entry.src)))
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{}", entry.src);
        assert_eq!(answer.content_length(), entry.size);
    }

    // As a client goes on: by the links alone.
    let (mut paged, mut next, mut pages) = (Vec::new(), "?limit=2".to_owned(), 0);
    loop {
        let answer = reqwest::get(program.url(&format!("/Prod/gallery/{next}")))
            .await
            .unwrap();
        let link = answer.headers().get("link").cloned();
        let page: Vec<remote::api::Entry> = answer.json().await.unwrap();
        assert!(page.len() <= 2);
        paged.extend(page.into_iter().map(|entry| entry.key.unwrap()));
        pages += 1;
        let Some(link) = link else { break };
        let link = link.to_str().unwrap();
        let end = link.strip_suffix(">; rel=\"next\"").unwrap();
        next = end.strip_prefix('<').unwrap().to_owned();
    }
    assert_eq!((paged, pages), (expected, 3));

    //  query, status, entries
    let cases = [
        ("?limit=0", 200, 1),
        ("?limit=9999", 200, 5),
        ("?after=2024/05/b.jpg", 200, 2),
        ("?after=zzz", 200, 0),
        ("?after=../../etc", 200, 5),
        ("?limit=many", 400, 0),
    ];
    for (query, status, count) in cases {
        let answer = reqwest::get(program.url(&format!("/gallery/{query}")))
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{query}");
        if status == 200 {
            let page: Vec<serde_json::Value> = answer.json().await.unwrap();
            assert_eq!(page.len(), count, "{query}");
        }
    }
}

#[tokio::test]
async fn originals_are_served_so_that_nothing_runs() {
    let program = Program::monolith(&[]);
    let bytes = photo(1);
    upload(&program, "a.jpg", &bytes).await;
    let answer = reqwest::get(program.url("/gallery/2024/05/a.jpg"))
        .await
        .unwrap();
    let headers = answer.headers().clone();
    assert_eq!(headers["content-type"], "image/jpeg");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert!(
        headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("sandbox")
    );
    assert!(!headers.contains_key("content-disposition"));
    assert!(answer.bytes().await.unwrap() == bytes);
    let again = Client::new()
        .get(program.url("/gallery/2024/05/a.jpg"))
        .header("if-none-match", &headers["etag"])
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);

    // What is not an original is not there.
    eventually("a sidecar", || async {
        program.images().join("2024/05/a.jpg.meta").exists()
    })
    .await;
    for path in [
        "/gallery/2024/05/a.jpg.meta",
        "/gallery/.imgn/destination.json",
        "/gallery/2024/05",
        "/gallery/2024/05/b.jpg",
        "/gallery/..%2f..%2fetc%2fpasswd",
        "/gallery/%2e%2e/log",
        "/gallery/%2fetc%2fpasswd",
        "/gallery/a%00b",
        "/gallery/.IMGN/destination.json",
        "/thumbs/../destination.json",
        "/thumbs/xyz.webp",
    ] {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assert_eq!(
            status(&raw(&program, request.as_bytes())),
            Some(404),
            "{path}"
        );
    }
}

#[tokio::test]
async fn upload_in_a_browser_leads_to_the_page() {
    let program = Program::monolith(&[]);
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    for path in ["/upload", "/Prod/upload/"] {
        for method in [reqwest::Method::GET, reqwest::Method::HEAD] {
            let answer = client
                .request(method.clone(), program.url(path))
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 303, "{method} {path}");
            assert_eq!(answer.headers()["location"], "/");
        }
    }
    let page = reqwest::get(program.url("/")).await.unwrap();
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self';"), "{policy}");
    assert!(page.text().await.unwrap().contains("id=\"app\""));
    assert_eq!(
        reqwest::get(program.url("/config.json"))
            .await
            .unwrap()
            .status(),
        200
    );
    let nothing = reqwest::get(program.url("/nothing")).await.unwrap();
    assert_eq!(nothing.status(), 404);
    let wrong = Client::new()
        .delete(program.url("/gallery"))
        .send()
        .await
        .unwrap();
    assert_eq!(wrong.status(), 405);
}

#[tokio::test]
async fn another_ui_is_shown_as_it_is() {
    let ui = tempfile::tempdir().unwrap();
    std::fs::write(ui.path().join("index.html"), "<p>mine</p>").unwrap();
    std::fs::create_dir(ui.path().join("assets")).unwrap();
    std::fs::write(ui.path().join("assets/app.js"), "1").unwrap();
    let program = Program::monolith(&["--ui", ui.path().to_str().unwrap()]);
    let page = reqwest::get(program.url("/")).await.unwrap();
    assert!(!page.headers().contains_key("content-security-policy"));
    assert_eq!(page.text().await.unwrap(), "<p>mine</p>");
    let script = reqwest::get(program.url("/assets/app.js")).await.unwrap();
    assert_eq!(script.headers()["content-type"], "text/javascript");
    let health = reqwest::get(program.url("/healthz")).await.unwrap();
    assert_eq!(health.status(), 200);
    let out = raw(
        &program,
        b"GET /../images/.imgn/destination.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    assert_eq!(status(&out), Some(404));
}

#[tokio::test]
async fn a_request_keeps_its_id_in_answer_and_log_and_is_counted() {
    let program = Program::monolith(&[]);
    let answer = Client::new()
        .get(program.url("/gallery"))
        .header("x-request-id", "trace-42")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["x-request-id"], "trace-42");
    let other = reqwest::get(program.url("/gallery")).await.unwrap();
    assert_eq!(other.headers()["x-request-id"].len(), 36);
    program.said("trace-42").await;
    for line in program.log().lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }

    upload(&program, "a.jpg", &photo(1)).await;
    let metrics = reqwest::get(program.url("/metrics")).await.unwrap();
    let metrics = metrics.text().await.unwrap();
    for line in [
        r#"imgn_http_requests_total{method="GET",route="gallery",status="200"} 2"#,
        r#"imgn_uploads_total{outcome="stored"} 1"#,
        "imgn_http_requests_in_flight 1",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
}
