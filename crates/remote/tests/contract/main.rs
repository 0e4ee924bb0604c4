//! The contract of [`remote::Remote`], held by every kind of place: folders, MinIO and SeaweedFS,
//! the latter two also over TLS with an authority of our own; and what only a network can do to it.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api;
mod client;
mod encrypted;
mod examined;
mod faults;
mod folders;
mod functions;
mod lambda;
mod links;
mod originals;
mod parts;
mod place;
mod settings;
mod shared;
mod signing_in;
mod source;
mod suite;

/// Runs every case of the suite in one kind of place.
macro_rules! holds_in {
    ($name:ident, $place:expr) => {
        mod $name {
            use super::suite;

            holds_in!(@cases $place;
                refuses_a_place_whose_marker_is_missing
                refuses_a_place_with_another_marker
                refuses_a_damaged_marker
            );
            holds_in!(@everywhere $place);
        }
    };
    // Where servers of the original imgn share the place there is no marker.
    (shared $name:ident, $place:expr) => {
        mod $name {
            use super::suite;

            holds_in!(@everywhere $place);
        }
    };
    (@everywhere $place:expr) => {
            holds_in!(@cases $place;
                claims_an_empty_place_and_adopts_it_the_second_time
                refuses_everything_before_the_marker_is_known
                probes_without_leaving_anything
                times_probes_without_leaving_anything
                stores_byte_for_byte_with_full_proof
                a_repeated_put_leaves_one_object
                other_bytes_under_the_key_are_left_alone
                adopts_the_same_bytes_put_there_by_another_program
                one_of_many_writers_wins
                a_source_that_changes_while_it_goes_up_is_never_stored
                a_source_that_cannot_be_read_says_so
                hostile_names_go_there_and_back
                verifies_what_is_there_now
                a_look_tells_what_is_gone_or_another
                examines_without_leaving_anything
                examines_a_place_of_another_library_without_writing
                derived_objects_are_replaced_and_originals_never
                reads_no_more_than_the_limit
                reads_while_it_is_asked
                downloads_into_new_files_only
                lists_all_but_its_own_things
                lists_more_than_a_page
                lists_beyond_a_key
                tells_progress
            );
    };
    (@cases $place:expr; $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                suite::$case(&$place.await).await;
            }
        )*
    };
}

holds_in!(folder, crate::place::Place::folder());
holds_in!(minio, crate::place::Place::minio());
holds_in!(minio_tls, crate::place::Place::minio_tls());
holds_in!(
    minio_without_prefix,
    crate::place::Place::minio_without_prefix()
);
holds_in!(seaweedfs, crate::place::Place::seaweedfs());
holds_in!(seaweedfs_tls, crate::place::Place::seaweedfs_tls());

holds_in!(shared shared_folder, crate::place::Place::shared_folder());
holds_in!(shared shared_minio, crate::place::Place::shared_minio());
holds_in!(shared shared_seaweedfs, crate::place::Place::shared_seaweedfs());
