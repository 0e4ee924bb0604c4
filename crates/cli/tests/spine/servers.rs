//! Every kind of server that a case is run on.

/// Runs cases on MinIO and on SeaweedFS, plain and over TLS with an authority of our own.
macro_rules! on_every_server {
    ($($case:ident)+) => {$(
        mod $case {
            on_every_server!(@ minio testbed::Minio::shared, $case);
            on_every_server!(@ minio_tls testbed::Minio::shared_tls, $case);
            on_every_server!(@ seaweedfs testbed::SeaweedFs::shared, $case);
            on_every_server!(@ seaweedfs_tls testbed::SeaweedFs::shared_tls, $case);
        }
    )+};
    // Lines and proxies have to answer while the program is waited for: more than one thread.
    (@ $server:ident $start:path, $case:ident) => {
        #[tokio::test(flavor = "multi_thread")]
        async fn $server() {
            super::$case($start().await).await;
        }
    };
}

/// The same without TLS, for cases that need to look into the line.
macro_rules! on_plain_servers {
    ($($case:ident)+) => {$(
        mod $case {
            on_every_server!(@ minio testbed::Minio::shared, $case);
            on_every_server!(@ seaweedfs testbed::SeaweedFs::shared, $case);
        }
    )+};
}
