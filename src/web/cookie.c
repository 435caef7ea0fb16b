/* The two cookies that say who somebody is. A browser sends those of one host to all its ports: so that two homes on one machine do not end each
 * other's sessions, they are named by the port. Under TLS by a name that no other host and no page without TLS can give (__Host-). */
#include "web/web.h"
#include <string.h>

void cookie_name(const struct web_options *options, enum cookie cookie, char out[COOKIE_NAME])
{
	snprintf(out, COOKIE_NAME, "%swarifu%s-%u", options->certificate ? "__Host-" : "",
	    cookie == COOKIE_SETUP ? "-setup" : "", (unsigned)options->port);
}

bool cookie_of(const struct web_options *options, enum cookie cookie, const char *header, char *out, size_t room)
{
	char name[COOKIE_NAME];

	cookie_name(options, cookie, name);
	return cookie_get(header, name, out, room);
}

void cookie_set(struct visit *visit, enum cookie cookie, const char *value)
{
	char name[COOKIE_NAME];

	cookie_name(visit->options, cookie, name);
	snprintf(visit->answer->cookie, sizeof visit->answer->cookie, "%s=%s; Path=/;%s HttpOnly; SameSite=Strict%s",
	    name, value, value[0] ? "" : " Max-Age=0;", visit->secure ? "; Secure" : "");
}
