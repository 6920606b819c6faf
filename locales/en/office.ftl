### Words of the office

## Product and frame
product = Tahuang
product-kind = Grassroots governance
product-sentence = Record once, where the work happens. Every figure opens to the records it counts.
skip-to-page = Skip to the page
navigation = Navigation
top-bar = Top bar
navigation-short = Quick navigation
open-menu = Open the navigation
nav-home = Home
nav-todo = To do
nav-figures = Figures
nav-cases = Cases
nav-activities = Activities
nav-areas = Areas
nav-import = Import
nav-refused = Refused rows
nav-journal = Journal
nav-accounts = Accounts
nav-more = More
record-page = Record
not-found = Page not found
language = Language
live-connecting = Connecting
live-connecting-hint = Connecting to the server
live-open = Live
live-open-hint = New changes show by themselves
live-lost = Not connected
live-lost-hint = The connection is lost and being opened again; the page may be out of date

## Signing in and passwords
sign-in = Sign in
sign-in-lead = Use the account your office gave you
sign-in-help = Forgotten password or locked account? Ask your system administrator.
sign-out = Sign out
login = Login name
login-hint = Letters, digits and . _ -; it cannot be changed later
password = Password
change-password = Change password
password-old = Current password
password-new = New password
password-again = New password again
password-rule = At least 10 characters, and three of: small letters, capitals, digits, other characters
password-differs = The two new passwords differ
password-changed = The password was changed

## Common
save = Save
cancel = Cancel
close = Close
choose = Choose
yes = Yes
no = No
refresh = Refresh
try-again = Try again
go-home = Go to the home page
loading = Loading
load-more = Load more
list-changed = There are new changes.
filters-clear = Clear filters
day-choose = Choose a day
revisit-note-hint = No names or numbers, please: the note is not sealed in the journal.
list-comma = {", "}
position = Journal no. { $position }
sealed = Sealed
sealed-open = Show
sealed-erased = (erased)
sealed-hint = Personal data, kept encrypted; only those who handle the record can see it
personal-hint = Personal data: kept encrypted, seen only by those who handle the record
cell-empty = (empty)
withdrawn = Withdrawn

## Column headings
column-accepted = Accepted
column-actions = Actions
column-amount = Counts
column-area = Area
column-day = Day
column-due = Due by
column-file = File
column-due-or-finished = Due or closed
column-handler = Handler
column-hash = Hash
column-kind = Kind
column-last-change = Last change
column-name = Name
column-position = Journal no.
column-prefecture = Prefecture
column-record = Record
column-role = Role
column-row = Row
column-scope = Area in charge
column-source = Source
column-state = State
column-sum = Total
column-tick = Choose
column-time = Time
column-title = Subject
column-verdict = Result

## States of a page
state-offline = The server cannot be reached
state-offline-hint = Check the network and try again. What you have sent is not lost.
state-forbidden = Not permitted
state-forbidden-hint = Your account may not see this. If your work needs it, ask your system administrator.
state-missing = Not found
state-missing-hint = There is nothing here: the address may be wrong, or it lies outside your area.
state-broken = This cannot be shown just now

## Areas
area-choose = Choose an area
area-now = Area now:
area-search = Find an area by name
area-none = No area has "{ $text }" in its name
area-whole = All of { $area }
area-open = Open { $area }
area-code = Division code
area-below = { $count } below
area-figures = See figures
area-cases = See cases
area-nothing-below = There is no smaller area below
cards-print = Print contact cards
cards-lead = Ten on a sheet of A4, to be cut out. Whoever scans the code opens the page of { $area } for residents, without an app or an account.
cards-count = How many
cards-sheets = { $sheets } sheets of A4
cards-organisation = Name of the office
cards-duty = On duty
cards-duty-hint = May be left empty; several names with commas
cards-telephone = Telephone of the office
cards-telephone-hint = The office's number, no private one
cards-tibetan = In Tibetan as well
cards-address = The code opens:
cards-address-local = Only this machine can open that address, so a scanned card would lead nowhere. The system administrator has to set address in tahuang.toml first.
cards-save = Make the PDF
level-region = Autonomous region
level-prefecture = Prefecture
level-county = County
level-township = Township
level-village = Village or community
level-grid = Grid

## Home
home-greeting = Welcome, { $name }
home-lead = Work in { $area }
home-todo-late = { $count } late
home-refused = Rows to fix
home-refused-why = Until they are fixed, they count in no figure.
home-refused-none = No row is waiting to be fixed
home-cases = Open cases
home-all-cases = All cases
home-cases-none = No open cases
home-cases-none-hint = Cases that are reported show here.
home-newest = Newest cases
home-figures = Main figures
home-all-figures = All figures
changes-title = Live changes
changes-hint = Since this page was opened
changes-none = Whatever is recorded, handled or imported shows here at once.

## Figures
figures-lead = { $area } · { $count } figures
figures-all = All figures
figures-count = { $count }
figures-missing = Ledger rows are waiting to be fixed: the figures marked "missing" are not complete yet.
figure-missing = { $count } missing
figure-missing-lead = { $count ->
    [one] One more ledger row is waiting to be fixed and is not counted yet.
   *[other] { $count } more ledger rows are waiting to be fixed and are not counted yet.
  }
figure-counted = { $count ->
    [one] one record
   *[other] { $count } records
  }
figure-area = Area
figure-position = Computed at
figure-records = Counts
figure-nothing-to-divide = There is nothing to divide by, so no value is shown.
as-of = As of
as-of-now = Now
as-of-day = Day
as-of-position = Journal no.
as-of-notice-day = Figures as of { $day }, computed at journal no. { $position }; the journal is now at no. { $head }.
as-of-notice-position = Figures at journal no. { $position }; the journal is now at no. { $head }.
as-of-nothing = Nothing was in the journal by the end of { $day }. This goes by when records were entered, not by when things happened.
as-of-back = Back to now
trend-title = Day by day
trend-span = Time span
trend-30 = 30 days
trend-90 = 90 days
trend-365 = 1 year
trend-730 = 2 years
trend-none = Nothing was counted in this time.
trend-summary = By day from { $from } to { $to }; the most were { $most } ({ $unit }) on { $day }.
records-title = Records counted
records-parts = Numerator and denominator
records-count = { $count ->
    [one] one record
   *[other] { $count } records
  }
records-shown = { $shown } of { $count } shown
records-none = No records here
records-none-hint = Look at another area or time; if the ledgers were not brought in yet, import them first.
source = { $file } · { $sheet } · row { $row }
source-none = Entered online

## Record
record-withdrawn = This record was withdrawn: its contents and history stay, but it counts in no figure.
record-contents = Contents
record-no-fields = Nothing else was entered.
lines-title = Papers and lines
lines-none = Nothing has been entered yet.
lines-add = Enter
lines-missing = The dossier still lacks: { $names }
lines-whole = The dossier has all it must have
lines-dossier = Print the dossier
lines-awaits = { $name }: until { $until }, that day included
line-withdraw = Withdraw
line-why = Why
lines-sheet = Print the minutes
counted-in = Counted in
counted-in-none = It counts in no figure at present.
counted-in-withdrawn = Withdrawn: it counts in no figure.
history-title = Whole history
history-count = { $count ->
    [one] one change
   *[other] { $count } changes
  }
history-source = Original ledger row: { $file } · { $sheet } · row { $row }
history-source-run = These { $count } changes come from one ledger row: { $file } · { $sheet } · row { $row }
ledger-row-label = Sheet "{ $sheet }", row { $row }
step-confirm = Confirm this step: { $step }.
step-done = { $step }: done
withdraw-lead = A withdrawn record counts in no figure any more; its contents and history stay and can be read.
steps-more = More
record-number = No. { $number }
extend-after = It is due on { $due }; choose a later day, at most 366 days from today
handler-choose = Choose from the list, or type a name
handler-has-account = It will stand on this account's to-do page
handler-by-name = Only the name is noted; it will stand on nobody's to-do page
handlers-choose = Choose or type several names
case-search = Find by title or place
case-search-none = No case that this can be merged into
case-search-failed = The search does not answer; try again later
record-other-checker = You did the work, so somebody else has to check it.

## Files
files = Files
files-add = Add files
files-purpose = Purpose
files-none = No files yet.
files-hint = Photos or PDFs, several at once, up to 8 MB each. Large photos are made smaller first; where and when they were taken is not kept.
file-purpose-evidence = Evidence
file-purpose-report = With the report
file-purpose-document = Document
file-sending = Sending { $name }
file-waiting = Waiting
file-again = Try again
file-drop = Discard
file-show = Show
file-open = Open { $format }
file-picture = { $purpose }, added { $day }
file-personal = Came with the report and is personal: each time it is shown, the log says so.
file-remove = Remove
file-remove-title = Remove file
file-remove-lead = The file is destroyed and cannot be brought back. Who removed it, when and why stays in the history.
file-remove-reason = Reason
file-removed = File removed

## Cases
cases-title = List of cases
cases-all-kinds = All kinds
cases-all-states = All states
cases-open = Open
cases-search = Find by subject or place
cases-shown = { $shown } shown{ $more ->
    [yes] , there are more
   *[no] {""}
  }
cases-none = No cases
cases-none-hint = Cases that are reported or imported show here.
cases-none-filtered = No case meets these filters; try wider ones.
search-behind = { $count ->
    [one] One new record is not searchable yet; it will be soon.
   *[other] { $count } new records are not searchable yet; they will be soon.
  }
case-new = Report a case
case-kind = Kind of case
case-send = Report
case-day = Day found or received
case-title = Subject

## Import
import-lead = Hand in the ledgers as they are; each row is checked before it is recorded
import-drop = Drop ledgers here, or click to choose files
import-drop-hint = Excel workbooks (.xlsx), up to 32 MB each; several at once are fine
upload-waiting = Waiting
upload-sending = Being sent and checked
upload-sent = Checked, ready to look at
import-look = Open
imports-title = Recent imports
imports-all = All imports
imports-none = No ledger was imported yet
imports-none-hint = You see the result for every row first, and nothing is recorded until you confirm. The same ledger imported twice counts once.
import-state-previewed = To be confirmed
import-state-running = Running
import-state-done = Done
import-state-failed = Failed
verdict-accepted = Ready
verdict-recorded = Recorded
verdict-refused = To fix
verdict-unchanged = Unchanged
import-file-facts = { $time } · { $size } MB · { $sheets ->
    [one] one sheet
   *[other] { $sheets } sheets
  }
import-sheets = Sheets
import-preview-lead = This is the check; nothing is recorded yet. Start the import when it looks right; rows to fix are kept apart and can be fixed one by one.
import-run = Start the import
import-running = Importing: { $done } of { $total } rows. You may leave this page; it goes on.
import-progress = Import progress
import-done = Imported: { $accepted } recorded, { $refused } to fix, { $unchanged } unchanged.
import-see-figures = See the figures
sheet-unknown = This is no ledger the system knows
sheet-unknown-hint = The sheet will not be imported. If it is a ledger, check that its heading row is complete.
sheet-ledger = Recognised as
sheet-heading-row = Headings in row { $row }
sheet-counts = { $accepted } ready, { $refused } to fix, { $unchanged } unchanged
sheet-counts-done = { $accepted } recorded, { $refused } to fix, { $unchanged } unchanged
sheet-totals = Totals rows left out: { $count }
sheet-missing = Required columns are missing: { $columns }. Say below which columns they are, or the sheet cannot be imported.
sheet-rows = Result by row
sheet-rows-hint = { $count } rows shown, those to fix first
columns-title = Columns
columns-known = { $known } recognised, { $unknown } unknown
columns-samples = For instance: { $samples }
columns-ignored = Not imported
columns-choose = Which column is "{ $heading }"?

## Refused rows
refused-lead = These rows are kept as they came; until fixed, they count in no figure
refused-open = Fix them
refused-of-file = Only rows of { $file }.
refused-all-files = Show all files
refused-of-area = Only rows of { $area }.
refused-all-areas = Show all areas
refused-tab-refused = To fix
refused-tab-fixed = Fixed
refused-tab-set-aside = Set aside
refused-tab-refused-none = No row is waiting to be fixed
refused-tab-refused-none-hint = Everything that was imported is recorded.
refused-tab-fixed-none = No row was fixed yet
refused-tab-fixed-none-hint = Fixed rows show here, each with the record it became.
refused-tab-set-aside-none = No row was set aside
refused-tab-set-aside-none-hint = Rows that are no valid record show here with the reason.
row-number = Row { $row }
refused-unreadable = The text of this row was erased or cannot be decrypted.
refused-edit = Edit
refused-save = Save and record
refused-save-hint = The red cell is the wrong one; others can be changed too.
refused-still-wrong = It still cannot be recorded:
refused-fixed = Fixed and recorded. Below is the row as it came.
refused-see-record = Open the record
refused-set-aside = Set aside: { $reason }
refused-set-aside-ask = Set aside…
refused-set-aside-do = Set aside
refused-reason = Why is this row no record?

## Journal
journal-lead = Every change stands in the journal, which only grows; each entry is tied to the one before it by a hash. Verifying computes all of them anew and finds a single altered character.
journal-verify = Verify
journal-heads = The journal now
journal-empty = Nothing recorded yet
verify-running = Verifying: { $checked } of { $total } entries
verify-progress = Verification progress
verify-intact = The journal is intact
verify-intact-words = { $checked } entries were verified one by one; each follows from the one before and none was altered.
verify-bad = The journal was altered
verify-bad-where = The journal of { $prefecture } does not fit from no. { $position } on: { $reason }. What stands before is whole.
verify-bad-do = Leave everything as it is, delete no file, and tell the audit administrator at once.
verify-when = Verified { $time }, in { $seconds } s
bad-hash-mismatch = the content does not match its hash
bad-column-differs = it differs from its record
bad-unreadable = the record cannot be read
bad-wrong-head = the end of the journal is not the one noted
bad-beyond-head = entries stand after the end
bad-gap = entries are missing

## Accounts
accounts-lead = Who may do what, and where
accounts-none = No accounts yet
account-new = New account
account-create = Create
account-active = Active
account-disabled = Disabled
account-locked = Locked until { $time }
account-reset = Reset password
account-reset-ask = { $name } ({ $login }) gets a new one-time password; the present one ends at once.
account-disable = Disable
account-disable-ask = { $name } ({ $login }) can no longer sign in. What they recorded stays.
account-enable = Enable
one-time-password = One-time password
one-time-password-lead = Hand this password to { $login } in person or by a safe way, and ask for it to be changed right after signing in.
one-time-password-warning = It is shown only now and cannot be seen again.
one-time-password-noted = I have noted it
copy = Copy
copied = Copied

## Reasons and problems, by permanent code
problem-offline = The server cannot be reached; check the network and try again
problem-internal = The server failed and has logged it; try again later
problem-unexpected = It did not succeed ({ $code })
problem-bad-credentials = The login name or the password is wrong
problem-bad-password = The old password is wrong
problem-account-locked = Too many wrong passwords: the account is locked, try again in 15 minutes
problem-cross-origin = The request came from another site and was refused
problem-font-missing = The server has no font to print with. The system administrator has to install fonts-noto-cjk (Chinese) and fonts-noto-core (Tibetan)
problem-font-unreadable = A font file of the server cannot be read; the system administrator has to look
problem-paper-too-long = This is more than one paper takes; print it in parts
problem-paper-does-not-fit = A text is too long for its place on the paper; make it shorter
problem-picture-unreadable = A picture is no JPEG or PNG, or is damaged, and cannot be printed
problem-picture-too-large = A picture is too large to be printed
problem-code-too-long = The address is too long for a code; the system administrator has to look at the setting address
problem-busy = Too many requests at the moment, please try again shortly
problem-stopping = The server is stopping, please try again shortly
problem-storage-unavailable = The database does not answer at the moment, please try again shortly
problem-invalid-parameter = The query is not valid
problem-malformed-body = What was sent cannot be read, please reload the page
problem-malformed-command = What was sent cannot be read, please reload the page
problem-body-too-large = What was sent is too large
problem-unsupported-media-type = What was sent cannot be read, please reload the page
problem-too-many-commands = Too much in one submission; send it in parts
problem-own-account = You cannot disable your own account
problem-unknown-role = There is no such role
problem-sealed-unreadable = This personal value cannot be decrypted, please tell the system administrator
problem-not-signed-in = The session has ended; sign in again
problem-weak-password = The new password will not do: at least 10 characters, at most 1,000 bytes, and three of small letters, capitals, digits, other characters
problem-not-permitted = Your account may not do this here
problem-header-missing = The request was turned down; reload the page and try again
problem-not-found = Not found
problem-method-not-allowed = This cannot be done here; please reload the page
problem-subject-not-found = There is no such record, or it lies outside your area
problem-subject-exists = This record exists already
problem-subject-withdrawn = This record was withdrawn
problem-revision-conflict = Somebody changed this record after you opened it. It is shown anew; look before you go on
problem-command-id-reused = The same submission came with other content; reload the page and try again
problem-unknown-kind = There is no such kind
problem-wrong-shape = This kind is recorded in another way
problem-unknown-area = There is no such place
problem-ambiguous-area = Several places have this name; give county and township
problem-missing-area = The place is missing
problem-outside-prefecture = The place lies outside this prefecture
problem-area-exists = This area is registered already
problem-field-invalid = This is not a valid value
problem-missing-value = Something required is missing
problem-text-too-long = The text is too long
problem-quantity-out-of-range = The quantity is out of range
problem-personal-data-open = Personal data belongs in its own field
problem-personal-field-unknown = This kind has no such personal field
problem-too-many-lines = There are too many lines
problem-line-not-found = There is no such line
problem-line-exists = This line exists already
problem-link-not-found = The linked record does not exist
problem-link-unfit = It cannot be merged into this case: choose another one that is still open
problem-handler-out-of-reach = This person may not handle such a case in this place; choose somebody else
problem-not-a-grid-task = Such cases are not on the list of grid tasks and no admission covers them here, so a grid worker cannot be given one; choose somebody else, or have it admitted first
problem-finished-before-found = The later day lies before the earlier one; look at the days again
problem-step-not-open = This step is not open now; somebody may have been first
problem-unknown-checklist = There is no such checklist
problem-unknown-item = The checklist has no such item
problem-item-unanswered = An item is not answered, or answered twice
problem-item-not-waiting = The item does not wait to be looked at again
problem-too-few-officers = More people have to sign
problem-signature-missing = The signature of the recipient is missing
problem-nothing-to-notify = Nothing failed, so there is no notice
problem-unknown-outcome = There is no such outcome
problem-checker-is-handler = The checker must be somebody other than the one who did the work
problem-evidence-missing = Work of this kind is finished with evidence: attach a picture or a document first, with the purpose “Evidence”
problem-not-the-receiver = Only the one to whom it was handed over signs for it
problem-already-late = It is late already; more time can be given only before it is due
problem-extender-is-handler = Handlers do not give themselves more time; somebody else has to
problem-claimed-already = A unit or member has claimed it and it is locked; release the claim first
problem-not-for-the-public = What everybody reads holds a number, a house, or the words of whoever asked; write it so that nobody can tell which household it is
problem-answer-awaited = Whoever asked may still answer; close it after that, or when the time for it is over
problem-stock-too-small = The stock is too small
problem-already-ended = It has ended already
problem-amount-overflow = The amount is too large
problem-too-many-files = A record has at most 40 files; remove some first
problem-file-not-found = There is no such file; it may have been removed
problem-papers-kept = Papers that others signed as well stand on the record and are kept by law. Ask whoever keeps them to show, correct or erase
problem-line-once = There can be only one, and it is entered already. Withdraw it before you enter it anew.
problem-line-missing = Something has to be entered before: an agreement before a dispute is settled, advice on other ways before it ends without.
problem-line-barred = What stands on the record rules it out: a party refused, or the police have the case.
problem-line-too-late = The time for it is over: both parties apply for confirmation together, within thirty days of the day the agreement took effect.
problem-file-exists = This file has been added already
problem-file-empty = The file is empty; choose it again
problem-file-too-large = The file is larger than 8 MB, or the picture has more than 100 million pixels; make it smaller
problem-file-type-refused = Only JPEG, PNG and WebP pictures and PDFs are taken
problem-file-damaged = The file is damaged or incomplete; take or export it again
problem-bad-date = The date cannot be read
problem-missing-date = The date is missing
problem-bad-number = The number cannot be read
problem-unknown-choice = The value is none of the choices
problem-duplicate = It repeats another row
problem-unknown-heading = This row has no such column. Reload the page and try again.
problem-unknown-ledger = This is no ledger the system knows
problem-missing-column = A required column is missing
problem-import-started = This workbook is being imported or was already; look at its result
problem-no-divisions = No administrative divisions are registered yet; ask the system administrator to import them first
problem-workbook-unreadable = The file cannot be read; please choose it again
problem-workbook-not-xlsx = This is no Excel workbook (.xlsx); save it as .xlsx in Excel or WPS first
problem-workbook-password-protected = The workbook has a password; remove it first
problem-workbook-damaged = The workbook is damaged; open it in Excel or WPS and save it anew
problem-workbook-too-large = The workbook is too large: files may have up to 32 MB; split it by sheets
problem-unknown-training = The training named here was not found
problem-account-exists = This login name is taken
problem-delivery-not-open = The message was delivered, is being sent, or was dealt with; the list has been read again

## To do
due-late = { $count ->
    [0] late
    [one] 1 working day late
   *[other] { $count } working days late
  }
due-soon = { $count ->
    [0] due today
    [one] 1 working day left
   *[other] { $count } working days left
  }
due-later = { $count ->
    [one] 1 working day left
   *[other] { $count } working days left
  }
todo-lead = The most urgent first. Cases from old ledgers have no deadline.
todo-whose = Whose work
todo-page-mine = Mine
todo-page-waiting = Waiting for others
todo-page-escalated = Escalated
todo-page-area = Whole area
todo-tab-all = All
todo-tab-late = Late
todo-tab-soon = Due soon
todo-tab-later = Others
todo-no-clock = No deadline
todo-handover = To sign: { $name }
todo-act = { $step }: { $title }
todo-step-done = { $step }: done · { $title }
todo-tick = Choose “{ $title }”
todo-tick-all = Choose all
todo-tick-none = Clear
todo-ticked = { $count } chosen
todo-nothing-common = There is no step that all of these can take at once
todo-bulk-done = { $step }: { $count } done
todo-bulk-refused = { $count } not done, and still chosen:
todo-none-mine = Nothing waits for you
todo-none-waiting = Nothing waits for somebody else
todo-none-escalated = Nothing was escalated
todo-none-area = Nothing to do in this area
todo-none-late = Nothing is late
todo-none-soon = Nothing is due within two working days
todo-none-later = Nothing else is open
todo-none-hint = A case that is reported gets its deadline by its kind, in working days without public holidays.

## Notices and messages
nav-notices = Notices
nav-deliveries = Deliveries
notices-bell = { $count ->
    [0] Notices
    [one] Notices, { $count } unread
   *[other] Notices, { $count } unread
}
notices-lead = What is new in your area, and what became of the cases that you reported.
notices-none = No notices
notices-none-hint = Cases of your area that are reported, to be checked or reopened appear here.
notices-new = New
deliveries-lead = Messages to work groups, mailboxes and other systems.
deliveries-uncertain-hint = Nobody answered when these messages were sent, and they may have arrived. Look into the group or the mailbox before you send one again.
deliveries-none = No messages
deliveries-none-hint = Channels are set up by the system administrator in tahuang.toml.
deliveries-tab-all = All
deliveries-tab-uncertain = Perhaps arrived
deliveries-tab-failed = Failed
deliveries-tab-waiting = Waiting
deliveries-tab-delivered = Delivered
deliveries-tab-dismissed = Dismissed
deliveries-emergency = Urgent
deliveries-hidden = this account may not read it
deliveries-attempts = { $count ->
    [one] tried once
   *[other] tried { $count } times
}
deliveries-next = next try { $at }
deliveries-queued = queued for the channel
deliveries-retry = Send again
deliveries-dismiss = Do not send
column-written = Written
column-channel = Channel
column-message = Message
column-answer = What came of it

nav-checks = Checks
check-page = Check
check-new = New check
checks-lead = Item by item along a list; what fails becomes a hazard and is looked at again
checks-open = To be looked at again
checks-completed = Nothing to look at again
checks-none-open = No place waits to be looked at again
checks-none-open-hint = When something fails, the place is listed here by the day of its next look.
checks-none-completed = There are no sheets yet
checks-none-completed-hint = Sheets on which nothing failed, or everything has passed since, are listed here.
check-place = Place
check-place-hint = Exactly where, for instance: tea house on the main street of Doyou
check-unit = Unit that was checked
check-unit-hint = The name of the shop or cooperative; may be left empty. Please write no person's name.
check-list = Checklist
check-day = Day of the check
check-found = Found
check-recheck = Next look
check-waiting = { $count } to be looked at again
check-count-failed = { $count } failed
check-count-corrected = { $count } put right at once
check-count-sound = Nothing found
check-choose = Choose a list
check-list-about = { $items } items, { $officers ->
    [one] one person signs
   *[other] { $officers } people sign
  }
check-where = Where and who
check-officers = Checked by
check-officers-hint = { $count ->
    [one] At least one person
   *[other] At least { $count } people
  }
check-officer = Person { $number }
check-officer-add = Add
check-passed = Passed
check-failed = Failed
check-not-applicable = Not applicable
check-demand = Demand:
check-corrected-box = Put right at once (stands on the sheet, no hazard is opened)
check-note = Note (may be left empty)
check-note-failed = What is wrong, and where exactly
check-photo = Picture { $number }
check-photo-add = Take or choose a picture
check-photo-drop = Leave picture { $number } out
check-item-missing = This item is not answered yet
check-again = Next look
check-recheck-hint = Filled in after the time that what failed has; you may change it
check-opens = { $count ->
    [one] One hazard will be opened, and a notice can be printed.
   *[other] { $count } hazards will be opened, and a notice can be printed.
  }
check-done = { $done } of { $all } answered
check-save = Save the sheet
check-gap-area = Please choose the area
check-gap-place = Please say which place
check-gap-day = Please give the day
check-gap-officers = { $count ->
    [one] Please name who checked
   *[other] Please name at least { $count } people who checked
  }
check-gap-items = { $count ->
    [one] One item is not answered yet
   *[other] { $count } items are not answered yet
  }
check-gap-recheck = Please give the day of the next look, not before the check
check-photos-left = The sheet is saved; these pictures were not sent yet
check-go-on = Open the sheet
check-withdrawn = This sheet was withdrawn: it is listed and looked at no more. The hazards that it opened go on.
check-withdraw-hint = The hazards that this sheet opened are not withdrawn with it: somebody may be working on them. Withdraw one by one what was opened by mistake.
check-items = What was found
check-looked-passed = Passed on { $day }
check-looked-failed = Still failed on { $day }
check-hazard = Hazard { $number }
check-hazard-away = The hazard is now outside your area
check-print = Print the sheet
rechecks = Later looks
recheck-title = Look again
recheck-lead = Answer only what was looked at this time; the rest goes on waiting
recheck-day = Day of the look
recheck-next = Next look
recheck-next-hint = { $count ->
    [one] One item goes on waiting
   *[other] { $count } items go on waiting
  }
recheck-gap-items = Please answer at least one item
recheck-gap-next = Please give the day of the next look, not before this one
recheck-send = Save the look
recheck-counts = { $passed } passed, { $failed } still failed
notice-print = Print the notice
notice-serve = Hand the notice over
notice-lead = A notice tells of a hazard and asks for it to be put right. It is no order: only the fire service and the police may order.
notice-how = Receipt
notice-signed = Signed for
notice-refused = Would not sign
notice-recipient = Name of the recipient
notice-recipient-hint = Kept sealed, printed on the notice
notice-day = Handed over on
notice-note = Note
notice-note-hint = For instance: read out and left at the place
notice-send = Confirm
notice-receipt = Notice
notice-not-yet = Not handed over yet
sign-here = The recipient signs here
sign-clear = Clear
check-say = Add a note or a picture
check-mended = Passed later

activities-lead = Patrols, theme days, outreach, legal talks, trainings: planned before, recorded after.
activities-tab-all = All
activities-tab-planned = Planned
activities-tab-recorded = Held
activities-tab-cancelled = Cancelled
activities-none = No activities
activities-none-hint = Once an activity is planned, whoever takes part sees it in the calendar.
activity-new = New activity
activity-when = Planned or held
activity-plan = Plan it
activity-held = It was held
activity-record = Record it
activity-kind = Kind of activity
activity-title = What it is called
activity-until = Last day (when it takes longer)
activity-findings = { $count } found, { $handed } became cases
activity-people = { $count }
column-activity = Activity
column-organisations = Organisations
column-people = People
column-findings = Findings
calendar-title = Calendar feed
calendar-lead = Add this address to the calendar of a phone or computer, and the activities of your area appear there.
calendar-secret = Whoever knows this address sees what is planned: do not pass it on. It ends with your account.
calendar-copy-by-hand = The browser does not allow copying here: select the address and copy it by hand.
# Revisits
nav-revisits = Revisits
revisits-lead = Closed is not solved: whoever asked is called by lot, and heard.
revisits-draw = Draw for revisits
revisits-tab-waiting = To be called
revisits-tab-appeals = Appeals
revisits-tab-draws = Draws
revisits-tab-over = Over
revisits-parts = Cases of this draw
revisits-none-waiting = Nobody has to be called
revisits-none-waiting-hint = Cases that are drawn stand here, to be called about one by one.
revisits-none-over = No revisit is over yet
revisits-none-over-hint = A revisit is over when somebody was reached, after three tries, or when the work began again.
revisits-none-appeals = No appeal waits for a decision
revisits-none-appeals-hint = What offices below appeal against is decided here, one level above.
revisits-none-draws = Nothing was drawn yet
revisits-none-draws-hint = Choose days and a number under “Draw for revisits”; the system draws by lot.
revisits-phone = Show telephone
revisits-own = For somebody else
column-found = Revisits and ratings
draw-lead = Drawn by lot from closed cases in { $area }. Each is drawn once for each closing, and none in which you had a part.
draw-from = Closed from
draw-until = Closed until
draw-wanted = How many
draw-wanted-hint = At most { $max } at once; where there are fewer, all of them.
draw-wanted-bad = A whole number from 1 to { $max }, please
draw-send = Draw
draw-day = Drawn on
draw-closed = Closed
draw-days = { $from } to { $until }
draw-all-kinds = All kinds
draw-drawn = Drawn
draw-of = { $drawn } of { $population }
draw-waiting = { $count }
draw-open = Cases
draw-title = Draw of { $day }, { $area }
draw-seed = Seed (the journal’s hash at no. { $position })
draw-how = How: SM3 of the seed and the case’s id; the smallest are drawn. The seed is the journal’s hash at the moment of the draw, so anybody can draw again.
list-comma = {", "}
figure-ratio = { $numerator }/{ $denominator }
figure-ratio-of = { $numerator } of { $denominator } cases
figure-too-few = Below { $minimum }: no percentage
figure-too-few-why = Below { $minimum } cases no percentage is shown: it would speak of a few people.
problem-revisitor-is-handler = The revisit is made by somebody who had no part in the work
problem-judge-is-party = An appeal is decided one level above, by somebody who had no part in the case
# The public board
nav-board = Wishes
nav-units = Units
board-lead = Wishes, needs and deeds: reviewed, published, claimed by units and members; what is not done in time is free again.
board-public = Open the public board
board-stages = Stage
board-stage-review = To review
board-stage-publish = To publish
board-stage-free = Free
board-stage-claimed = Claimed
board-stage-fulfilled = Done, last 90 days
board-none-review = Nothing to review
board-none-publish = Nothing to publish
board-none-free = Nothing is free
board-none-claimed = Nothing is claimed
board-none-fulfilled = Nothing was fulfilled in the last 90 days
board-hint-review = What residents ask for and staff report shows here.
board-hint-publish = Once a case is accepted, write for it what the public reads, and publish that.
board-hint-free = What is published and claimed by nobody shows here.
board-hint-claimed = A claim locks the case; what is not done in time goes back on the board.
board-hint-fulfilled = After 90 days it leaves the board and stays in figures and ledgers.
board-column-what = Wish or case
board-column-claimant = Claimed by
board-column-done = Done on
board-original = Title: { $title }
board-released = Given back { $count } times
board-claimed-on = since { $day }
board-preview = What everybody will read
board-preview-empty = (no title yet)
board-preview-hint = The board shows this and the community, and nothing of the original words, names or numbers.
publish-lead = Write it anew: not the original words, no name, number or house, so that nobody can tell which household it is.
claim-lead = Name a unit or a member, or both. The case is locked while it is claimed; what is not done in time is free again. Without a day the longest time stands.

# Units that report to communities
unit-search = Find a unit by name
unit-search-none = No such unit; it can be entered under “Units”
unit-search-failed = The units could not be loaded; please try again
units-lead = A unit is entered once for the whole prefecture, and every community uses that entry.
units-everywhere = Also those that did not report here
units-of = Units that reported to { $area }
units-all = All units
units-count = { $count } in all
units-none = No units
units-none-hint = Enter a unit, and then to which community it reported.
units-column-name = Unit
units-column-communities = Communities
units-column-claims = Claims
unit-new = Enter a unit
unit-new-lead = Look first whether it is there already. Every community finds it from then on.
unit-new-done = The unit is entered
unit-record = Entry and history
unit-registrations = Registrations and receipts
unit-registrations-none = It has reported nowhere
unit-registrations-hint = Enter a registration; the community signs for it and returns the receipt.
unit-register = Enter a registration
unit-register-done = The registration is entered
unit-community = Community
unit-reported-on = Reported on
unit-receipt = Receipt
unit-receipt-by = Signed by { $who } on { $day }
unit-receipt-none = Not signed yet
unit-sign = Sign the receipt
unit-sign-lead = { $area }: with this the registration has its receipt.
unit-sign-done = Signed
unit-signed-on = Signed on
unit-signed-by = Signed by (community)
unit-needs = Needs list
unit-needs-lead = Published by its communities and claimed by nobody
unit-needs-none = Nothing is free at present
unit-needs-unreported = The needs of its communities show here once it has reported
unit-claim = Claim
unit-claim-lead = { $unit } takes on “{ $title }”. It is locked while claimed; what is not done in time is free again.
unit-claim-done = Claimed
unit-claim-member = Who does it (may be left empty)
unit-claim-due = By which day (may be left empty)
unit-claim-day = Claimed on
unit-claims = Claims
unit-claims-count = { $count } in all
unit-claims-none = No claims yet
unit-stands-open = In hand
unit-stands-fulfilled = Fulfilled on { $day }
unit-stands-released = Released on { $day }
unit-stands-overdue = Ran out, { $day }
unit-sheet = Quarterly sheet
unit-card = Service card
unit-quarter = Quarter
unit-period = Period
unit-of-quarter = Quarter
unit-of-year = Year
unit-days = { $from } to { $until }
unit-part-activities = Activities
unit-part-claimed = Claimed
unit-part-fulfilled = Fulfilled
unit-part-released = Released or ran out
unit-print-slip = Print the slip
unit-print-quarter = Print the sheet
unit-print-card = Print the card
