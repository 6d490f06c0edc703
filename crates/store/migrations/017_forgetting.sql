-- Decisions and offers are forgotten after a while, the oldest first.
CREATE INDEX dispatch_decisions_at ON dispatch_decisions (at);
CREATE INDEX offers_made_at ON offers (made_at);
