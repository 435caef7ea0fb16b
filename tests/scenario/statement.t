#!/bin/bash
# What two ministers pledged, and how each of them sees it.
. "$(dirname "$0")/lib.sh"
open_homes
desk gb 1 liaison 'Desk officer, foreign office'
desk jp 1 liaison 'Desk officer, foreign ministry'
gb_as 1
jp_as 1
quiet sync_pipe

at 2015-01-22T09:00:00Z
ok "GB enters what was published" gb statement import "$top/data/statement-2015.json"
says "six pledges, two meetings, and what lies behind" "entered: pledges 6, meetings 2, context 1"
ok "once more" gb statement import "$top/data/statement-2015.json"
says "changes nothing" "entered: pledges 0, meetings 0, context 0"
ok "the context" gb --lang ja statement context
says "is in the language of who reads it" "哨戒機"
ok "the meetings" gb statement meetings
says "one has its day" "2015-01-21  London"
says "one has none yet" "to be set"
ok "as a calendar" gb statement calendar
says "a meeting of which the day alone is known takes the day" "DTSTART;VALUE=DATE:20150121"
exits 3 "what is no statement is refused" "not a statement in JSON" gb statement import "$top/data/haiyan-2013/orders.csv"
quiet sync_pipe
ok "JP confirms the wording of the pact" jp statement confirm-pledge GB-01-0005
ok "JP contests the wording of another" jp statement contest-pledge GB-01-0002 --remarks 'It began in November.'
exits 1 "GB cannot confirm for JP" "K10" gb statement confirm-pledge GB-01-0003
quiet sync_pipe
ok "GB rewords it" gb statement reword-pledge GB-01-0002 --en 'Carry out a feasibility study; it began in November 2014.'

# --- views and evidence ---------------------------------------------------------------------------------------------------

at 2015-02-01T09:00:00Z
ok "GB sees the pact under way" gb statement view GB-01-0005 --view under_way --since 2015-01-21
ok "JP sees it not begun" jp statement view GB-01-0005 --view not_started
exits 1 "a second view of one party is refused" "S5" gb statement view GB-01-0005 --view "done"
quiet sync_pipe
ok "the list" gb statement list
says "shows that they differ" "differs, no evidence"
ok "that is a finding" gb --json statement findings
is "of each rule" "$(sed -n 's/.*"rule":"\(T.\)","number":"GB-01-0005".*"since":"2015-02-01".*/\1/p' "$work/out" | paste -sd,)" T1,T2
ok "in Japanese" gb --lang ja statement findings
says "what is wrong is said" "双方の見解が異なる"
says "of each" "裏付けのない見解"
exits 2 "the number that both views bear is asked back" "several parts" jp statement change-view GB-01-0005/V01.1 --view under_way
jp --json why GB-01-0005 >/dev/null
view=$(sed -n 's/.*"number":"\([^"]*\)","kind":"statement.view_stated","party":"JP".*/\1/p' "$work/out")
ok "JP changes its view" jp statement change-view "$view" --view under_way
exits 1 "evidence without a thread or paper is refused" "S7" gb statement link-evidence GB-01-0005 --en Talks --rehearsal
printf '%%PDF-1.4\nrecord of talks' >"$work/talks.pdf"
ok "GB links a paper" gb statement link-evidence GB-01-0005 --en 'Record of talks' --rehearsal --attach "$work/talks.pdf"
quiet sync_pipe
ok "both views agree now, as JSON" jp --json statement list
is "and do not differ" "$(sed -n '5s/.*"differs":\([a-z]*\).*/\1/p' "$work/out")" false
is "what a rehearsal shows is not counted" "$(sed -n '5s/.*"evidence":\([0-9]*\).*/\1/p' "$work/out")" 0

# --- a meeting ------------------------------------------------------------------------------------------------------------

at 2015-03-01T09:00:00Z
ok "JP calls the third cyber meeting, its date to be set" jp statement call-meeting --partner GB --no 3 --series cyber \
	--en 'Information exchange and analysis' --ja 'サイバー情報交換・分析会合(第3回)' --agenda 'item=1 en=Threats' --agenda 'item=2 ja=次回'
quiet sync_pipe
exits 1 "GB cannot agree to no date" "S11" gb statement agree-meeting JP-01-0001
ok "GB asks for a day" gb statement ask-date JP-01-0001 --starts-at 2015-06-01T09:00:00Z --ends-at 2015-06-01T12:00:00Z --place London
quiet sync_pipe
ok "JP moves it there" jp statement move-meeting JP-01-0001 --starts-at 2015-06-01T09:00:00Z --ends-at 2015-06-01T12:00:00Z
quiet sync_pipe
ok "GB agrees" gb statement agree-meeting JP-01-0001
gb --json why JP-01-0001 >/dev/null
thread=$(sed -n '1s/.*"id":"\([0-9a-f]*\)".*/\1/p' "$work/out")
ok "the calendar" gb statement calendar
says "has the thread as its UID" "UID:$thread"
says "and the version as its sequence" "SEQUENCE:2"
says "confirmed" "STATUS:CONFIRMED"
is "no line is longer than 75 octets" "$(tr -d '\r' <"$work/out" | LC_ALL=C awk 'length > 75' | wc -l)" 0
is "each ends as the format wants" "$(grep -c -v "$(printf '\r')$" "$work/out")" 0
quiet sync_pipe

at 2015-06-02T09:00:00Z
exits 1 "an outcome for each item of the agenda" "S12" jp statement hold JP-01-0001 --outcome 'item=1 outcome=noted en=heard'
ok "JP records what came of it" jp statement hold JP-01-0001 --outcome 'item=1 outcome=agreed en="exchange monthly"' \
	--outcome 'item=2 outcome=deferred_to ja=第4回で定める to="4th meeting"'
ok "an action for GB" jp statement set-action JP-01-0001 --owner GB --en 'Send the first list' --due-on 2015-06-30
quiet sync_pipe
ok "GB agrees to the minutes" gb statement agree-minutes JP-01-0001
at 2015-07-01T09:00:00Z
ok "the actions" gb statement actions --overdue
says "one is overdue the day after" "JP-01-0001/A01.1"
ok "the day itself" gb statement actions --overdue --as-of 2015-06-30
is "it is not" "$(grep -c A01.1 "$work/out")" 0
ok "what an auditor should see" gb statement findings
says "holds the action" "T3"
says "and what has no evidence" "T2"
ok "the day itself" gb statement findings --as-of 2015-06-30
is "the action is no finding yet" "$(grep -c T3 "$work/out")" 0
ok "GB reports it done" gb statement report-action JP-01-0001/A01.1
quiet sync_pipe
exits 1 "GB does not accept its own report" "K10" gb statement accept-action JP-01-0001/A01.1
ok "JP accepts it" jp statement accept-action JP-01-0001/A01.1
ok "in Japanese" jp --lang ja statement meetings
says "states have their words" "議事録合意"
quiet sync_pipe

# --- since when there is no evidence --------------------------------------------------------------------------------------------

at 2015-07-10T09:00:00Z
ok "JP sees the pact stopped" jp statement change-view "$view" --view stopped
quiet sync_pipe
since() { gb --json statement findings "$@" >/dev/null && sed -n 's/.*"rule":"\(T[12]\)","number":"GB-01-0005".*"since":"\([^"]*\)".*/\1 \2/p' "$work/out" | paste -sd,; }
is "since then the views differ, and as long as GB has seen it under way there is no evidence" "$(since)" "T1 2015-07-10,T2 2015-02-01"
is "which is found on each day since" "$(since --as-of 2015-02-01) $(since --as-of 2015-01-31)" "T2 2015-02-01 "
ok "GB links an order of a real tally" gb statement link-evidence GB-01-0005 --of-tally "$(printf '2%.0s' {1..64})" --mention "$(printf '1%.0s' {1..64})" --en Water
evidence=$(number)
is "then it has evidence" "$(since)" "T1 2015-07-10"
at 2015-07-20T09:00:00Z
ok "which GB takes back" gb statement withdraw-evidence "$evidence" --remarks 'another pledge'
is "from then on it has none" "$(since) $(since --as-of 2015-07-19)" "T1 2015-07-10,T2 2015-07-20 T1 2015-07-10"
quiet sync_pipe

# --- what is no pledge ------------------------------------------------------------------------------------------------------

exits 1 "JP cannot take back what GB recorded" "K10" jp statement withdraw-context GB-01-0009 --remarks no
ok "GB takes it back" gb statement withdraw-context GB-01-0009 --remarks 'decided in the review'
ok "the context as JSON" gb --json statement context
says "is withdrawn" '"state":"withdrawn"'
quiet sync_pipe

# --- what is long, cut off or in one language alone ---------------------------------------------------------------------------

exits 2 "a field's name that breaks off in what was typed does not swallow the rest of the message" \
	"のような日付で書いてください。" gb --lang ja statement actions --as-of 'statement.meeting_called.agenda[0'
printf '{"pledges":[{"no":1,"en":"known"}],"context":[{"ja":"和文だけの背景"}]}' >"$work/ja.json"
ok "GB enters a matter of context in Japanese alone" gb statement import "$work/ja.json"
says "once" "entered: pledges 0, meetings 0, context 1"
ok "and once more" gb statement import "$work/ja.json"
says "which changes nothing" "entered: pledges 0, meetings 0, context 0"
ok "GB enters another one in Japanese alone" gb statement import <(sed 's/背景/別の背景/' "$work/ja.json")
says "which is not taken for the first" "entered: pledges 0, meetings 0, context 1"
long=$(printf 'long;%.0s' {1..400})
meetings_from() { # meetings_from NO: 99 of them, each with the longest title that there can be
	local comma='' no
	printf '{"pledges":[{"no":1,"en":"known"}],"meetings":['
	for no in $(seq "$1" $(($1 + 98))); do
		printf '%s{"no":%d,"series":{"en":"talks"},"on":"2016-02-01","en":"%s"}' "$comma" "$no" "$long"
		comma=,
	done
	printf ']}'
}
meetings_from 101 >"$work/first.json"
meetings_from 201 >"$work/second.json"
ok "GB enters many meetings with long titles" gb statement import "$work/first.json"
ok "and more" gb statement import "$work/second.json"
ok "they are in the calendar" gb statement calendar
is "whole, each of them" \
	"$(tr -d '\r' <"$work/out" | awk '/^ / { printf "%s", substr($0, 2); next } { printf "\n%s", $0 }' | grep -c '^SUMMARY:.\{2400\}$')" 198
quiet sync_pipe
halves_match "the pledges and the meeting: both halves have one digest"
done_testing
