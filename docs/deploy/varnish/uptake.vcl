# Varnish 7 in front of Uptake. Uptake runs with UPTAKE_CDN_SECONDS=300, UPTAKE_PURGE_URL=http://127.0.0.1:6081/purge (the
# address of this Varnish as the worker sees it) and UPTAKE_PURGE_SECRET; docs/scale.md says how. TLS ends before Varnish.
vcl 4.1;

import std;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
    .probe = {
        .url = "/healthz";
        .interval = 2s;
        .timeout = 2s;
        .window = 4;
        .threshold = 2;
        .initial = 2;
    }
}

# The machines whose workers may purge. Varnish cannot check the signature of a purge, so this list is what counts.
acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.url == "/purge") {
        if (client.ip !~ purgers) {
            return (synth(403, "Forbidden"));
        }
        if (req.method != "POST" || req.http.Surrogate-Key !~ "^[a-z0-9:_-]+( [a-z0-9:_-]+)*$") {
            return (synth(400, "Bad Request"));
        }
        if (!std.ban("obj.http.Surrogate-Key ~ (^|\s)(" + regsuball(req.http.Surrogate-Key, " ", "|") + ")(\s|$)")) {
            return (synth(500, std.ban_error()));
        }
        return (synth(200, "Purged"));
    }
    # Staff who are signed in see a bar on public pages, and their own pages: nothing of theirs is cached.
    if (req.url ~ "^/staff" || req.http.Cookie ~ "uptake_bar=" || req.http.Authorization) {
        return (pass);
    }
    # Readers need no cookies. What else this host sets is of no interest to Uptake.
    unset req.http.Cookie;
    # While Uptake answers, a page is served at most as long after its time as stale-while-revalidate says.
    if (std.healthy(req.backend_hint)) {
        set req.grace = 300s;
    }
}

sub vcl_backend_response {
    if (beresp.http.Cache-Control !~ "s-maxage|immutable|max-age=[1-9]") {
        # Nothing is kept that Uptake does not say may be kept.
        set beresp.uncacheable = true;
        set beresp.ttl = 120s;
        return (deliver);
    }
    if (beresp.http.Cache-Control ~ "s-maxage") {
        # For stale-if-error: kept for a day, and served so late only while Uptake does not answer.
        set beresp.grace = 24h;
    }
    if (beresp.status >= 500 && bereq.is_bgfetch) {
        return (abandon);
    }
}

sub vcl_deliver {
    unset resp.http.Surrogate-Key;
    # The page is for caches like this one, which are purged; those behind it ask again.
    if (resp.http.Cache-Control ~ "s-maxage") {
        set resp.http.Cache-Control = "public, no-cache";
        unset resp.http.Age;
    }
}
