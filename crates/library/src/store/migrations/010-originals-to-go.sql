-- Originals that are still to go, by destination: a long queue is not counted at each look at the status.
CREATE TABLE job_tally (
    destination INTEGER PRIMARY KEY,
    count       INTEGER NOT NULL
) STRICT;
INSERT INTO job_tally SELECT destination, count(*) FROM job WHERE kind = 'original' GROUP BY destination;

CREATE TRIGGER job_tally_insert AFTER INSERT ON job WHEN new.kind = 'original' BEGIN
    INSERT INTO job_tally VALUES (new.destination, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER job_tally_delete AFTER DELETE ON job WHEN old.kind = 'original' BEGIN
    UPDATE job_tally SET count = count - 1 WHERE destination = old.destination;
END;
