-- When a destination's next waiting job is due, however many wait for another one.
CREATE INDEX job_due ON job (destination, not_before) WHERE state = 'waiting';
