#!/bin/bash
# Two desks of one number, one in each party, open a part of the same kind: nobody approves the wrong one by its number.
. "$(dirname "$0")/lib.sh"
open_homes
desk gb 1 claims,issuer,orderer,receiver 'Liaison officer'
desk jp 1 claims,issuer,orderer,receiver 'Supply officer'
quiet sync_pipe
at 2013-11-26T09:00:00Z
gb support request --supplier JP --activity 1b --place Tacloban --deliver-on 2013-11-27 --charter --line \
	'line=1 category=water kind=supply description_en=Water quantity=100 unit=LTR unit_price_minor=10 currency=GBP price_basis=agreed settlement=cash' >/dev/null
quiet sync_pipe
quiet jp support offer GB-01-0001 --utc-offset-minutes 540
quiet sync_pipe
quiet gb support accept GB-01-0001
quiet sync_pipe
at 2013-11-27T09:00:00Z
quiet jp support issue GB-01-0001 --delivered-at 2013-11-27T08:00:00Z --utc-offset-minutes 480 --place Tacloban
ok "GB takes over as much again, by its own record" gb support take GB-01-0001 --delivered-at 2013-11-27T08:30:00Z \
	--utc-offset-minutes 480 --place Tacloban --handed-over-by 'JS Ise, stores'
quiet sync_pipe
ok "the order" gb --json why GB-01-0001
is "each of the two parts shows what tells it apart" "$(grep -o '"number":"GB-01-0001/I01.1~[0-9a-f]\{4\}"' "$work/out" | sort -u | wc -l)" 2
is "in the other half too" "$(jp --json why GB-01-0001 | grep -o 'I01.1~[0-9a-f]\{4\}' | sort -u | wc -l)" 2
exits 2 "the bare number of two is asked back" "several parts bear this number" gb support receipt GB-01-0001/I01.1
gb --json why GB-01-0001 >/dev/null
issued=$(sed -n 's/.*"number":"\([^"]*\)","kind":"support.issued".*/\1/p' "$work/out" | head -n 1)
ok "the whole number is taken" gb support receipt "$issued"
quiet sync_pipe
halves_match "both halves have one digest"
done_testing
