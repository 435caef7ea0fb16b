# Sourced by the stories: what many of them do, on top of lib.sh.
#
# Each party has two desks: GB 1, JP 11 in the field (they ask, supply, receive, claim and dispute); GB 2, JP 12 in the office (they pay, receive
# too, and speak one level up). Orders stay below the amount above which the agreement wants three officers, where a story is not about that.
# shellcheck shell=bash disable=SC2034 # for the stories
. "$(dirname "$0")/lib.sh"

field_roles=claims,dispute,issuer,orderer,receiver
office_roles=dispute,issuer,orderer,payer,receiver
made="" made_state="" made_id="" # of the last move
order="" part=""                 # of the last order agreed, and the last issue

# --- acts ---------------------------------------------------------------------------------------------------------------

# HOME ARGUMENTS...: a command in a home, signed by the usual desk of its side; what it says goes to $work/out and $work/err.
try() {
	local home=$1 desk=$jp_desk
	shift
	case $home in gb*) desk=$gb_desk ;; esac
	status=0
	side "$home" "$desk" "$@" >/dev/null 2>&1 || status=$?
}

# The same, and the story cannot go on without it.
must() {
	try "$@"
	[ $status -eq 0 ] || give_up "$now: $*: ended with $status: $(said)"
}

give_up() {
	echo "Bail out! $*"
	exit 1
}

move() { # HOME VERB...: a move of support
	local home=$1
	shift
	must "$home" --json support "$@"
	made=$(value number) made_state=$(value state) made_id=$(value id)
}

# HOME HOME [OPTION...]: the first calls the second through a pipe.
exchange() {
	local from=$1 to=$2
	shift 2
	must "$from" --json sync "'$WARIFU' --home '$work/$to' --now $now sync --stdio" "$@"
}

party_of() { case $1 in gb*) echo GB ;; *) echo JP ;; esac; }

bundle() { # HOME HOME FILE [OPTION...]: what the second lacks, as a file
	local from=$1 to=$2 file=$3
	shift 3
	must "$from" bundle write --for "$(party_of "$to")" -o "$file" "$@"
}

# --- what is so ---------------------------------------------------------------------------------------------------------

entries() { "$WARIFU" --home "$work/$1" --now "$now" --json log --count 0 | wc -l; } # HOME

# HOME: all that a half is: how far each log goes, and the digest of what that comes to.
half() { "$WARIFU" --home "$work/$1" --now "$now" --json digest; }

# HOME NUMBER: the state of a part; "a | b" when rival heads stand.
state_of() {
	"$WARIFU" --home "$work/$1" --now "$now" --json why "$2" | grep -F "\"number\":\"$2\"" |
		sed -n '/"head":true/s/.*"state":"\([^"]*\)".*/\1/p' | sort | paste -sd'|' | sed 's/|/ | /g'
}

# HOME NUMBER: the state that its list shows, also one that follows from other parts: "joined".
shown() {
	"$WARIFU" --home "$work/$1" --now "$now" --json support list --parts |
		sed -n "/\"number\":\"${2//\//\\/}\"/s/.*\"state\":\"\([^\"]*\)\".*/\1/p"
}

verdict_of() { # HOME ENTRY: "valid", "void K2"
	try "$1" --json log --count 0
	sed -n "/\"id\":\"$2\"/s/.*\"verdict\":\"\([^\"]*\)\",\"rule\":\"\{0,1\}\([^\",]*\).*/\1 \2/p" "$work/out" | sed 's/ null$//'
}

# HOME [OPTION...]: what its audit finds, one finding a line.
findings() {
	local home=$1
	shift
	must "$home" --json support audit "$@"
	sed 's/.*"findings"://; s/{"rule"/\n&/g' "$work/out" | grep '^{"rule"'
}

# HOME ORDER ENTRY: number of the part that it opened or moved, as it is now.
numbered() { "$WARIFU" --home "$work/$1" --now "$now" --json why "$2" | sed -n "/\"id\":\"$3\"/s/.*\"number\":\"\([^\"]*\)\".*/\1/p"; }

both_say() { # TITLE NUMBER STATE
	is "$1" "GB: $(state_of gb "$2"), JP: $(state_of jp "$2")" "GB: $3, JP: $3"
}

both_match() { # TITLE: and the digest is one
	local length
	length=$(digest gb | wc -c)
	is "$1" "$(digest gb) $length" "$(digest jp) 65"
}

# STATUS TITLE WORDS HOME ARGUMENTS...: the command ends so, says these words, and leaves the half as it was.
harmless() {
	local wanted=$1 title=$2 words=$3 home=$4 before
	shift 4
	before=$(half "$home")
	try "$home" "$@"
	printf '%s: warifu %s\nended with %s, wanted %s: %s\n' "$home" "$*" "$status" "$wanted" "$(said)" >"$work/tap"
	[ "$status" -eq "$wanted" ] && said | grep -qF -e "$words" && [ "$(half "$home")" = "$before" ]
	report $? "$title"
}

# --- worlds -------------------------------------------------------------------------------------------------------------

worlds=("$work")
trap 'rm -rf "${worlds[@]}"' EXIT

# All homes, with what lies outside them, once more: `copied` is the folder. A story goes there by `in_world`.
copy_world() {
	copied=$(mktemp -d)
	worlds+=("$copied")
	cp -a "$work/." "$copied/"
}

in_world() { # FOLDER
	work=$1
	WARIFU_STATE=$work/state
}

two_homes() {
	open_homes
	desk gb 2 "$office_roles" "Office"
	desk gb 1 "$field_roles" "Field officer"
	desk jp 12 "$office_roles" "Office"
	desk jp 11 "$field_roles" "Field officer"
	exchange gb jp
}

# HOME OF NUMBER POST: another home of the party of OF, with a key of its own and one desk.
second_home() {
	local home=$1 of=$2 number=$3 post=$4 calls
	must "$home" init --party "$(party_of "$home")"
	must "$home" tally join "$work/opening.tally" --yes
	must "$home" home request --label "$post" --strength light -o "$work/card"
	must "$of" home grant "$work/card" --yes
	calls=$(party_of "$home")
	exchange "$home" "$of" --with "$calls"
	must "$home" desk request --officer "$of.officer.$number" --post "$post" --roles "$field_roles" --strength light -o "$work/card"
	must "$of" desk grant "$work/card" --number "$number" --yes
	exchange "$home" "$of" --with "$calls"
}

# HOME: its root key goes into a safe, $work/safe, as it should lie; --keys names the safe.
root_to_safe() {
	must "$1" party show --json
	mkdir -p "$work/safe/keys"
	mv "$work/$1/keys/$(value root).key" "$work/safe/keys/"
}

# --- usual acts ---------------------------------------------------------------------------------------------------------

water='line=1 category=water kind=supply description_en=Water quantity=1000 unit=LTR unit_price_minor=10 price_basis=own_forces currency=GBP settlement=cash'
diesel='line=1 category=fuel kind=supply description_en=Diesel quantity=900 unit=LTR unit_price_minor=110 price_basis=contract currency=JPY settlement=cash fuel_code=F-76'
lodging='line=1 category=billeting kind=service description_en=Lodging quantity=40 unit=DAY meter=person-nights unit_price_minor=5200 price_basis=own_forces currency=JPY settlement=cash'

other_side() { case $1 in gb*) echo jp ;; *) echo gb ;; esac; }

request() { # HOME LINE...: asks the other party
	local home=$1 lines=() line
	shift
	for line; do lines+=(--line "$line"); done
	move "$home" request --supplier "$(party_of "$(other_side "$home")")" --activity 1b --urgency relief --place Tacloban \
		--deliver-on "${now%T*}" --charter "${lines[@]}"
}

offer() { move "$1" offer "$2" --utc-offset-minutes 540; } # HOME ORDER

# HOME LINE...: from the request to the agreed order, with the syncs between; `order` is its number.
agree() {
	local home=$1
	request "$@"
	order=$made
	exchange gb jp
	offer "$(other_side "$home")" "$order"
	exchange gb jp
	move "$home" accept "$order"
	exchange gb jp
}

# HOME ORDER [OPTION...]: at `port`, else at Tacloban; `part` is its number.
issue() {
	local home=$1 of=$2
	shift 2
	move "$home" issue "$of" --delivered-at "$now" --utc-offset-minutes 480 --place "${port-Tacloban}" "$@"
	part=$made
}

claim() { # HOME ORDER ISSUE CURRENCY MINOR [OPTION...]
	local home=$1 of=$2 for=$3 currency=$4 minor=$5
	shift 5
	move "$home" claim "$of" --also "$for" --currency "$currency" --total-minor "$minor" "$@"
}
