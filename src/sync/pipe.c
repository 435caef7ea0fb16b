/* The carrier over file descriptors: standard input and output of `warifu sync --stdio`, the pipes of a command such as ssh, a socket. All protocol is
 * in session.c; here are only bytes and patience.
 *
 *  C1 reading goes on while writing waits, so that two sides that both have much to send do not wait for each other;
 *  C2 a session ends when it says so, when the other end closes, or when nothing has moved for timeout_ms. */
#include "base/limits.h"
#include "sync/sync.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_BYTES 65536
#define OUT_BYTES (LIMIT_FLIGHT_BYTES + 4 * LIMIT_FRAME_WIRE_BYTES)

struct carrier {
	struct sync *sync;
	int in_fd, out_fd;
	int timeout_ms;
	struct buf out;
	size_t written; /* of out */
	bool closed;    /* the other end says no more */
	bool over;
	enum status status;
};

static enum status step(struct carrier *carrier, struct bytes in, struct err *err)
{
	enum status status = sync_step(carrier->sync, in, &carrier->out, err);

	if (status != OK) {
		carrier->over = true;
		carrier->status = status == NOT_FOUND ? OK : status;
	}
	return OK;
}

static enum status bytes_write(struct carrier *carrier, struct err *err)
{
	ssize_t len = write(carrier->out_fd, carrier->out.data + carrier->written, carrier->out.len - carrier->written);

	if (len < 0 && (errno == EINTR || errno == EAGAIN)) {
		return OK;
	}
	if (len < 0) {
		return err_set(
		    err, INCOMPLETE, "channel: %s", errno == EPIPE ? "the other end has gone away" : strerror(errno));
	}
	carrier->written += (size_t)len;
	if (carrier->written == carrier->out.len) {
		buf_reset(&carrier->out);
		carrier->written = 0;
	}
	return OK;
}

static enum status bytes_read(struct carrier *carrier, struct err *err)
{
	uint8_t bytes[READ_BYTES];
	ssize_t len = read(carrier->in_fd, bytes, sizeof bytes);

	if (len < 0 && (errno == EINTR || errno == EAGAIN)) {
		return OK;
	}
	if (len < 0) {
		return err_set(err, INCOMPLETE, "channel: %s", strerror(errno));
	}
	if (len == 0) {
		carrier->closed = true;
		return OK;
	}
	return step(carrier, bytes_of(bytes, (size_t)len), err);
}

/* Waits until something can be read or written, and does it. */
static enum status move(struct carrier *carrier, struct err *err)
{
	bool writing = carrier->out.len > 0,
	     reading = !carrier->closed && !carrier->over && carrier->out.len < LIMIT_FLIGHT_BYTES * 4;
	struct pollfd fds[2] = { { carrier->in_fd, POLLIN, 0 }, { carrier->out_fd, POLLOUT, 0 } };

	fds[0].fd = reading ? carrier->in_fd : -1;
	fds[1].fd = writing ? carrier->out_fd : -1;
	int ready = poll(fds, 2, carrier->timeout_ms);
	if (ready < 0 && errno != EINTR) {
		return err_set(err, ENVIRONMENT, "channel: %s", strerror(errno));
	}
	if (ready == 0) {
		return err_set(
		    err, INCOMPLETE, "channel: nothing has moved for %d seconds", carrier->timeout_ms / 1000);
	}
	enum status status = ready > 0 && fds[1].revents != 0 ? bytes_write(carrier, err) : OK;
	return status == OK && ready > 0 && fds[0].revents != 0 ? bytes_read(carrier, err) : status;
}

static enum status carry(struct carrier *carrier, struct err *err)
{
	enum status status = OK;

	while (status == OK && !(carrier->over && carrier->out.len == 0)) {
		if (!carrier->over && carrier->out.len == 0 && !sync_wants_input(carrier->sync)) {
			status = step(carrier, bytes_of(NULL, 0), err);
		} else if (carrier->closed && carrier->out.len == 0) {
			return err_set(
			    err, INCOMPLETE, "channel: the other end has closed it before all was exchanged");
		} else {
			status = move(carrier, err);
		}
	}
	return status == OK ? carrier->status : status;
}

/* Without waiting; the old flags. */
static int nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0) {
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	}
	return flags;
}

enum status sync_over_fds(struct sync *sync, int in_fd, int out_fd, int timeout_ms, struct err *err)
{
	struct carrier carrier = { .sync = sync, .in_fd = in_fd, .out_fd = out_fd, .timeout_ms = timeout_ms };
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	int in_flags = nonblocking(in_fd), out_flags = nonblocking(out_fd);

	buf_init(&carrier.out, OUT_BYTES);
	sigaction(SIGPIPE, &ignore, &before); /* the other end may go at any time; write() says so */
	enum status status = carry(&carrier, err);
	sigaction(SIGPIPE, &before, NULL);
	fcntl(in_fd, F_SETFL, in_flags);
	fcntl(out_fd, F_SETFL, out_flags);
	buf_clear(&carrier.out);
	return status;
}

/* ---- a command with pipes ------------------------------------------------------------------------------------------- */

static enum status spawn(const char *command, const int to[2], const int from[2], pid_t *pid, struct err *err)
{
	char shell[] = "sh", flag[] = "-c";
	char *argv[] = { shell, flag, (char *)(uintptr_t)command, NULL };
	posix_spawn_file_actions_t actions;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
	int failed = posix_spawn(pid, "/bin/sh", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return failed == 0 ? OK : err_set(err, ENVIRONMENT, "command: cannot be started: %s", strerror(failed));
}

enum status sync_command_start(const char *command, struct sync_command *out, struct err *err)
{
	int to[2] = { -1, -1 }, from[2] = { -1, -1 };
	pid_t pid = 0;
	enum status status = OK;

	*out = (struct sync_command){ -1, -1, 0 };
	if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) {
		status = err_set(err, ENVIRONMENT, "command: no pipe: %s", strerror(errno));
	} else {
		status = spawn(command, to, from, &pid, err);
	}
	close(to[0]);
	close(from[1]);
	if (status != OK) {
		close(to[1]);
		close(from[0]);
		return status;
	}
	*out = (struct sync_command){ .in_fd = from[0], .out_fd = to[1], .pid = pid };
	return OK;
}

enum status sync_command_reap(struct sync_command *command, struct err *err)
{
	int how = 0;

	if (command->pid == 0) {
		return OK;
	}
	close(command->out_fd);
	close(command->in_fd);
	while (waitpid(command->pid, &how, 0) < 0 && errno == EINTR) {}
	command->pid = 0;
	if (WIFSIGNALED(how)) {
		return err_set(err, ENVIRONMENT, "command: ended by signal %d", WTERMSIG(how));
	}
	return WEXITSTATUS(how) == 0
	    ? OK
	    : err_set(err, ENVIRONMENT, "command: ended with exit status %d", WEXITSTATUS(how));
}
