/// Says that the process is alive
#[utoipa::path(get, path = "/healthz", tag = "operation", responses((status = 200, body = str, content_type = "text/plain", description = "`ok`")))]
pub async fn read_health() -> &'static str {
    "ok\n"
}
