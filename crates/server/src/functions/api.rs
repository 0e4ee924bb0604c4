//! A request as API Gateway hands it over, answered by the router.

use super::identity::{Identity, Kept};
use super::variables::Variables;
use crate::answer::{Refusal, Tongue};
use crate::cannot_start::CannotStart;
use crate::deployment::Deployment;
use crate::guard::Guard;
use crate::metrics::Metrics;
use crate::route::{Route, route_of};
use crate::router::{health, router};
use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use lambda_http::Request;
use media::worker::{Limits, Pool, WorkerCommand};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tower::ServiceExt;

/// The whole of a request is there before a function is asked.
const PATIENCE: Duration = Duration::from_secs(10);

/// Answers requests.
#[derive(Debug)]
pub(crate) struct Api {
    variables: Variables,
    guard: Guard,
    routers: Kept<Router>,
}

impl Api {
    pub(crate) fn new(variables: Variables) -> Result<Self, CannotStart> {
        variables.bucket()?;
        let guard = variables.guard()?;
        let routers = Kept::default();
        Ok(Self {
            variables,
            guard,
            routers,
        })
    }

    /// Reaches the only library before anybody asks, while Lambda gives more of a processor for it. What fails is
    /// tried again by the first question.
    pub(crate) async fn warm_up(&self) {
        if self.variables.identity_pool.is_none()
            && let Err(error) = self.router(None).await
        {
            tracing::warn!(%error, "the store is not open yet");
        }
    }

    pub(crate) async fn answer(&self, request: Request) -> Result<Response, Infallible> {
        let route = route_of(request.uri().path());
        let identity = match &self.variables.identity_pool {
            None => None,
            Some(pool) => match Identity::of(&request, pool) {
                Some(identity) => Some(identity),
                None => return Ok(closed(route, &request, Refusal::Unauthorized).await),
            },
        };
        match self.router(identity.as_ref()).await {
            Ok(router) => router.oneshot(request.map(Body::new)).await,
            Err(error) => Ok(closed(route, &request, refused(error)).await),
        }
    }

    async fn router(&self, identity: Option<&Identity>) -> Result<Router, CannotStart> {
        let router = match self.routers.take(identity) {
            Some(router) => router,
            None => self.open(identity).await?,
        };
        self.routers.put(identity, router.clone());
        Ok(router)
    }

    async fn open(&self, identity: Option<&Identity>) -> Result<Router, CannotStart> {
        let store = self.variables.open(identity).await?;
        // Nothing is decoded here, and nobody is told of anything.
        let workers = Pool::new(WorkerCommand::this_binary()?, 1, Limits::default());
        let (told, _) = mpsc::channel(1);
        let deployment = Deployment::new(
            store,
            Arc::new(workers),
            Metrics::default(),
            told,
            self.variables.max_upload,
            PATIENCE,
        );
        Ok(router(deployment.direct(), self.guard.clone(), None))
    }
}

/// The answer of a function that has no library to answer from. It is alive all the same.
async fn closed(route: Route, request: &Request, refusal: Refusal) -> Response {
    match route {
        Route::Health => health().await.into_response(),
        Route::Upload => refusal.of_upload(Tongue::of(request.headers())),
        _ => refusal.json(),
    }
}

fn refused(error: CannotStart) -> Refusal {
    match error {
        CannotStart::Store(
            error @ (remote::Error::Forbidden { .. } | remote::Error::NoBucket { .. }),
        ) => {
            tracing::error!(%error, "this function cannot use its bucket");
            Refusal::Misconfigured
        }
        CannotStart::Store(error) => error.into(),
        error => {
            tracing::error!(%error, "the store cannot be opened");
            Refusal::Internal
        }
    }
}
