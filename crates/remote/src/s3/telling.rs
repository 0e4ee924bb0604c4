//! Having a bucket tell somebody what is put into it.
//!
//! **Invariant:** what the bucket tells others stays as it was.

use super::S3;
use super::fault::Doing;
use crate::Error;
use aws_sdk_s3::types::{
    Event, FilterRule, FilterRuleName, NotificationConfiguration, NotificationConfigurationFilter,
    QueueConfiguration, S3KeyFilter,
};

/// See [`S3::tell`].
pub(super) async fn tell(s3: &S3, queue: &str) -> Result<(), Error> {
    let said = s3
        .attempt(|| {
            s3.client
                .get_bucket_notification_configuration()
                .bucket(&s3.site.bucket)
                .send()
        })
        .await
        .map_err(|error| {
            untold(
                queue,
                s3.fault(Doing::to("ask what the bucket tells"), &error),
            )
        })?;
    let mut queues = said.queue_configurations.unwrap_or_default();
    let wanted = telling(queue, &s3.prefix)?;
    if queues.iter().any(|told| is_the_same(told, &wanted)) {
        return Ok(());
    }
    queues.push(wanted);
    let configuration = NotificationConfiguration::builder()
        .set_topic_configurations(said.topic_configurations)
        .set_queue_configurations(Some(queues))
        .set_lambda_function_configurations(said.lambda_function_configurations)
        .set_event_bridge_configuration(said.event_bridge_configuration)
        .build();
    s3.attempt(|| {
        s3.client
            .put_bucket_notification_configuration()
            .bucket(&s3.site.bucket)
            .notification_configuration(configuration.clone())
            .send()
    })
    .await
    .map_err(|error| {
        let doing = Doing::to("have the bucket tell what is put into it");
        untold(queue, s3.fault(doing, &error))
    })?;
    Ok(())
}

/// A store that knows nobody of that name says 400, one that tells nobody 501: asking again changes neither.
fn untold(queue: &str, error: Error) -> Error {
    match error {
        Error::Unexpected {
            endpoint,
            status: 400,
            message,
        } => Error::Settings(format!(
            "{endpoint} knows nobody called {queue:?} to tell what is put into the bucket: {message}"
        )),
        Error::Unexpected {
            endpoint,
            status: 501,
            ..
        } => Error::Settings(format!(
            "{endpoint} tells nobody what is put into its buckets"
        )),
        error => error,
    }
}

/// `prefix` is empty, or ends in a slash.
fn telling(queue: &str, prefix: &str) -> Result<QueueConfiguration, Error> {
    let below = (!prefix.is_empty()).then(|| {
        let rule = FilterRule::builder()
            .name(FilterRuleName::Prefix)
            .value(prefix)
            .build();
        let key = S3KeyFilter::builder().filter_rules(rule).build();
        NotificationConfigurationFilter::builder().key(key).build()
    });
    QueueConfiguration::builder()
        .queue_arn(queue)
        .events(Event::S3ObjectCreated)
        .set_filter(below)
        .build()
        .map_err(|error| Error::Settings(format!("{queue:?} cannot be told: {error}")))
}

/// Whoever made it, and by whatever name the store calls it.
fn is_the_same(told: &QueueConfiguration, wanted: &QueueConfiguration) -> bool {
    let below = |it: &QueueConfiguration| {
        let key = it.filter().and_then(NotificationConfigurationFilter::key);
        let rules = key.map(S3KeyFilter::filter_rules).unwrap_or_default();
        rules
            .iter()
            .map(|rule| {
                let name = rule.name().map(FilterRuleName::as_str).unwrap_or_default();
                (name.to_ascii_lowercase(), rule.value().map(str::to_owned))
            })
            .collect::<Vec<_>>()
    };
    told.queue_arn() == wanted.queue_arn()
        && told.events().contains(&Event::S3ObjectCreated)
        && below(told) == below(wanted)
}
