package system.log_test

import data.system.log

test_a_decision_log_never_holds_what_was_judged if log.mask == {"/input"}
