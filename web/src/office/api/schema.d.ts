// Generated from docs/openapi.json by `npm run schema`; not edited by hand.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Who may sign in, with which role and where. */
        Account: {
            disabled: boolean;
            /** @description Locked until then after wrong passwords; `null` when not. */
            locked_until?: string | null;
            login: string;
            /** @description The person's name. */
            name: string;
            role: string;
            role_name: string;
            scope: components["schemas"]["AreaRef"];
        };
        Accounts: {
            items: components["schemas"]["Account"][];
        };
        /** @description A page of activities, the one entered last first. */
        Activities: {
            items: components["schemas"]["ActivityItem"][];
            /** @description The cursor of the next page; `null` on the last. */
            next?: string | null;
        };
        ActivityItem: {
            area_path: string;
            day?: string | null;
            ends?: string | null;
            /** @description What was found on it, and how many of that became cases. */
            findings: number;
            findings_handed_on: number;
            /** Format: uuid */
            id: string;
            kind: string;
            kind_name: string;
            /** @description Organisations that take part, the one that leads first. */
            organisations: string[];
            /** Format: int64 */
            people?: number | null;
            place?: string | null;
            /** @description Times of the day, as `09:30`. */
            starts?: string | null;
            state: string;
            state_name: string;
            title: string;
            until?: string | null;
        };
        AreaChild: components["schemas"]["AreaRef"] & {
            /** @description How many areas lie directly below. */
            children: number;
        };
        AreaFound: components["schemas"]["AreaRef"] & {
            /** @description The names from the county down. */
            path: string;
        };
        /** @description An area with its name. */
        AreaRef: {
            /** @description 12 digits; a grid's 15. */
            code: string;
            /** @description `region`, `prefecture`, `county`, `township`, `village` or `grid`. */
            level: string;
            name: string;
        };
        /** @description An area among others. */
        Areas: {
            /** @description From the region down. */
            ancestors: components["schemas"]["AreaRef"][];
            area: components["schemas"]["AreaRef"];
            /** @description Directly below. Above the account's own area only the way down to it is shown. */
            children: components["schemas"]["AreaChild"][];
            /** @description The residents' page of the area, where residents ask: what the code on its contact cards opens. */
            residents_page?: string | null;
        };
        AreasFound: {
            /** @description At most 50; higher areas first. */
            items: components["schemas"]["AreaFound"][];
        };
        /** @description A file of a record. */
        Attachment: {
            /** @description Who attached it. */
            actor_name: string;
            /** @description When the server recorded it (RFC 3339, UTC). */
            at: string;
            /** Format: int64 */
            bytes: number;
            /** @description SM3 of its bytes, in hexadecimal. */
            hash: string;
            /** Format: uuid */
            id: string;
            /** @description The item of a checklist that it shows. */
            item?: string | null;
            /** @description `image/jpeg`, `image/png`, `image/webp` or `application/pdf`. */
            media_type: string;
            name?: string | null;
            /** @description It came with the report, or is a signature: only those who handle the record open it, and the log says that they did. */
            personal: boolean;
            /** @description `report`, `evidence`, `document` or `signature`. */
            purpose: string;
            purpose_name: string;
        };
        /** @description What has to follow on a line. */
        Awaits: {
            name: string;
            until: string;
        };
        BadRecord: {
            /** Format: int64 */
            position: number;
            prefecture: string;
            /** @description `hash_mismatch`, `gap`, `column_differs`, `unreadable`, `wrong_head` or `beyond_head`. */
            reason: string;
        };
        /** @description A case with what the public reads of it, and who took it on. */
        BoardCase: components["schemas"]["CaseItem"] & {
            claim?: components["schemas"]["ClaimItem"] | null;
            number: string;
            public_text?: string | null;
            public_title?: string | null;
            /** @description How often a claim on it was given back or ran out. */
            released: number;
            /**
             * Format: int32
             * @description How many events it has had; a command names it, so as not to land on a newer record.
             */
            revision: number;
            /** @description What this account may do with it now. */
            steps: components["schemas"]["Step"][];
        };
        /** @description A page of cases on their way to the public board and over it. */
        BoardCases: {
            counts: components["schemas"]["StageCounts"];
            items: components["schemas"]["BoardCase"][];
            /** @description The cursor of the next page; `null` on the last. */
            next?: string | null;
        };
        /** @description Where a calendar program reads the activities of an account's area. */
        CalendarLink: {
            /** @description The path on this server. Whoever has it reads the calendar, so it is not passed on; it ends with the account. */
            path: string;
        };
        /** @description How many cases of a kind stand in a state. */
        CaseCount: {
            /** Format: int64 */
            count: number;
            kind: string;
            kind_name: string;
            state: string;
            state_name: string;
        };
        CaseCounts: {
            items: components["schemas"]["CaseCount"][];
        };
        CaseItem: {
            area: components["schemas"]["AreaRef"];
            area_path: string;
            /** @description The day it was found or received. */
            day?: string | null;
            due?: components["schemas"]["DueItem"] | null;
            /** @description The day the work was done. */
            finished?: string | null;
            handler?: string | null;
            /** @description To whom it was offered and who has not signed for it yet. */
            handover?: string | null;
            /** Format: uuid */
            id: string;
            kind: string;
            kind_name: string;
            outcome_name?: string | null;
            source?: components["schemas"]["SourcePlace"] | null;
            state: string;
            state_name: string;
            title: string;
        };
        /** @description A page of cases, newest first. */
        Cases: {
            items: components["schemas"]["CaseItem"][];
            /** @description The cursor of the next page; `null` on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description Journal records that the search has not read yet.
             */
            search_behind: number;
        };
        /** @description What records there are, and what everything is called. */
        Catalog: {
            /** @description What can happen to a record. */
            events: components["schemas"]["Named"][];
            kinds: components["schemas"]["CatalogKind"][];
            ledgers: components["schemas"]["CatalogLedger"][];
            roles: components["schemas"]["Named"][];
            states: components["schemas"]["Named"][];
        };
        CatalogColumn: {
            code: string;
            name: string;
            required: boolean;
        };
        CatalogField: components["schemas"]["Need"] & {
            /** @description Sent under `personal` and kept sealed. */
            personal: boolean;
        };
        CatalogKind: {
            code: string;
            fields: components["schemas"]["CatalogField"][];
            name: string;
            /** @description How a case of this kind can end. */
            outcomes: components["schemas"]["Named"][];
            shape: string;
        };
        /** @description A ledger format. */
        CatalogLedger: {
            code: string;
            columns: components["schemas"]["CatalogColumn"][];
            name: string;
        };
        Cell: {
            heading: string;
            text: string;
        };
        /** @description A change of a record that the account may see. */
        Change: {
            area: string;
            /** @description The event's code. */
            event: string;
            kind: string;
            /** Format: int64 */
            position: number;
            prefecture: string;
            /** Format: uuid */
            subject: string;
        };
        /** @description How many items came out how. */
        CheckCounts: {
            /** @description Put right at once; no case was opened of them. */
            corrected: number;
            failed: number;
            not_applicable: number;
            passed: number;
            /** @description Of those that failed, so many wait to be looked at again. */
            waiting: number;
        };
        /** @description A sheet in a list. */
        CheckRow: {
            area: components["schemas"]["AreaRef"];
            area_path: string;
            checklist_name: string;
            counts: components["schemas"]["CheckCounts"];
            day?: string | null;
            /** Format: uuid */
            id: string;
            number: string;
            place: string;
            recheck?: components["schemas"]["DueItem"] | null;
            /** @description `open` while something waits to be looked at again, or `completed`. */
            state: string;
            state_name: string;
            unit: string;
        };
        /** @description A list by which places are checked. */
        Checklist: {
            /** @description By which law or rule. */
            basis: string;
            code: string;
            items: components["schemas"]["ChecklistItem"][];
            name: string;
            /** @description The same in Tibetan, where that is another language than the one asked for. */
            name_bo?: string | null;
            /** @description How many people sign. */
            officers: number;
            /**
             * Format: int32
             * @description A sheet names the version that it is filled in by.
             */
            version: number;
        };
        /** @description One thing that is looked at. */
        ChecklistItem: {
            /** @description The clause. */
            basis: string;
            code: string;
            /** @description What is asked then. */
            demand: string;
            /** @description What is wrong when it is not so. */
            fault: string;
            /** @description How it should be. */
            name: string;
            name_bo?: string | null;
            /**
             * Format: int32
             * @description In how many days it is usually looked at again.
             */
            recheck_days: number;
        };
        /** @description The lists by which places are checked. */
        Checklists: {
            items: components["schemas"]["Checklist"][];
        };
        /** @description A page of sheets. */
        Checks: {
            items: components["schemas"]["CheckRow"][];
            /** @description The cursor of the next page; `null` on the last. */
            next?: string | null;
        };
        /** @description A claim on a case. */
        ClaimItem: {
            /** @description The unit or member. */
            claimant: string;
            day: string;
            /**
             * Format: uuid
             * @description The unit's entry.
             */
            unit_id?: string | null;
            unit_name?: string | null;
        };
        /** @description What one command was told. */
        CommandResult: {
            /** @description Why it was refused: a permanent code. */
            code?: string | null;
            /** @description The field to blame. */
            field?: string | null;
            /**
             * Format: uuid
             * @description `null` when the command could not be read and named no id.
             */
            id?: string | null;
            /** @description The same in English. */
            message?: string | null;
            /** @description The positions of the journal that it became; none when nothing was new. */
            positions?: number[] | null;
            /** @description `accepted`: done now. `known`: done when it was sent before. `refused`: nothing changed. */
            status: components["schemas"]["Status"];
        };
        /** @description The answers, in the order of the commands. */
        CommandResults: {
            /**
             * Format: int64
             * @description The highest journal position among them; 0 when none was accepted.
             */
            position: number;
            results: components["schemas"]["CommandResult"][];
        };
        /** @description A command: its inputs stand beside these fields. */
        CommandText: {
            /**
             * Format: uuid
             * @description The sender's own UUIDv7.
             */
            id: string;
            /**
             * Format: int32
             * @description The revision that the sender saw.
             */
            revision?: number | null;
            /**
             * Format: uuid
             * @description The record it concerns; of a new record, an id of the sender's own.
             */
            subject: string;
            /** @description For instance `report_case`. */
            type: string;
        };
        /** @description Commands, to be done in this order. */
        Commands: {
            /** @description At most 1,000. What a command of a type needs is described in the guide to commands. */
            commands: components["schemas"]["CommandText"][];
            /** @description The prefecture whose journal they concern; the account's own when absent. */
            prefecture?: string | null;
        };
        /** @description A figure that counts the record. */
        CountedIn: {
            amount: string;
            figure: string;
            name: string;
            /** @description `all`, `numerator` or `denominator`. */
            part: string;
        };
        CreatedAccount: {
            login: string;
            /** @description Shown this once; only its verifier is kept. */
            password: string;
        };
        DayPoint: {
            /** @description `YYYY-MM-DD`. */
            day: string;
            value: string;
        };
        /** @description A page of the delivery log, newest first. */
        Deliveries: {
            items: components["schemas"]["Delivery"][];
            /** @description The cursor of the next page; `null` on the last. */
            next?: string | null;
        };
        /** @description A message over a channel to one recipient. */
        Delivery: {
            /** @description What the channel said last. */
            answer: string;
            area: components["schemas"]["AreaRef"];
            /** @description When it was written. */
            at: string;
            /**
             * Format: int32
             * @description How often it was tried.
             */
            attempts: number;
            /** @description The channel's code in `tahuang.toml`. */
            channel: string;
            /** @description What may be decided about it: `retry`, `dismiss`. */
            decisions: string[];
            emergency: boolean;
            /** @description What it says in a line; `null` for those who may not read the record. */
            heading?: string | null;
            /** Format: uuid */
            id: string;
            /** @description When it is sent next; `null` when it is not. */
            next_at?: string | null;
            /** @description A mail address; empty where the channel has one receiver. */
            recipient: string;
            /** @description Since when it stands so. */
            since: string;
            state: string;
            state_name: string;
            /**
             * Format: uuid
             * @description The record it is about; `null` for those who may not read that.
             */
            subject?: string | null;
            /** @description What it says; `null` for those who may not read the record. */
            text?: string | null;
        };
        Detail: {
            name: string;
            value: string;
        };
        /** @description A record behind a number. */
        Did: {
            area_path: string;
            day?: string | null;
            /** Format: uuid */
            id: string;
            title: string;
        };
        /** @description A day by which something is due, seen from today. */
        DueItem: {
            day: string;
            /** @description `late`, `soon` (today or within two working days), or `later`. */
            urgency: string;
            /**
             * Format: int32
             * @description Working days that are left, or by which it is late.
             */
            working_days: number;
        };
        /** @description What is wrong with one field or parameter. */
        FieldProblem: {
            /** @description A permanent code. */
            code: string;
            /** @description What is wrong, in English. */
            message: string;
            /** @description Its name, or its path in the body. */
            path: string;
        };
        FieldValue: {
            code: string;
            name: string;
            /** @description As a person reads it; several texts stand in lines of their own. */
            value: string;
        };
        /** @description A figure's value. */
        Figure: {
            code: string;
            /**
             * Format: int64
             * @description How many records stand behind it; behind a ratio's denominator.
             */
            counted: number;
            /** @description One sentence: what it counts. */
            definition: string;
            /** @description The code of its group. */
            group: string;
            missing: components["schemas"]["Missing"];
            name: string;
            ratio?: components["schemas"]["Ratio"] | null;
            /** @description By month. Only now, not as of an earlier moment. */
            trend: components["schemas"]["TrendPoint"][];
            unit_name: string;
            /** @description A decimal number without separators; `null` when there is nothing, or too little, to divide by. */
            value?: string | null;
        };
        FigureHead: {
            code: string;
            definition: string;
            name: string;
            ratio?: components["schemas"]["Ratio"] | null;
            unit_name: string;
            /** @description A decimal number; `null` when there is nothing to divide by. */
            value?: string | null;
        };
        FigurePart: {
            /** @description `all`, `numerator` or `denominator`. */
            code: string;
            /** Format: int64 */
            count: number;
            name: string;
            sum: string;
        };
        /** @description A record behind a figure. */
        FigureRecord: {
            /** @description What it gives. */
            amount: string;
            /** @description Where it counts. */
            area: components["schemas"]["AreaRef"];
            area_path: string;
            /** @description The day it counts on. */
            day?: string | null;
            kind: string;
            kind_name: string;
            part: string;
            /**
             * Format: int64
             * @description The journal position from which it counts so.
             */
            position: number;
            source?: components["schemas"]["SourcePlace"] | null;
            state: string;
            state_name: string;
            /** Format: uuid */
            subject: string;
            /** @description As it is called now. */
            title: string;
        };
        /** @description The records behind a figure. */
        FigureRecords: {
            area: components["schemas"]["AreaRef"];
            /**
             * Format: int64
             * @description How many stand behind the part that is listed.
             */
            count: number;
            figure: components["schemas"]["FigureHead"];
            items: components["schemas"]["FigureRecord"][];
            /** @description The cursor of the next page; `null` on the last. */
            next?: string | null;
            parts: components["schemas"]["FigurePart"][];
            /**
             * Format: int64
             * @description The journal position they were counted at.
             */
            position: number;
        };
        /** @description A figure by day. */
        FigureTrend: {
            /** @description The days on which something counts, in order. */
            points: components["schemas"]["DayPoint"][];
        };
        /** @description The figures of an area. */
        Figures: {
            area: components["schemas"]["AreaRef"];
            /** @description The moment that was asked for. */
            at?: string | null;
            /** @description In printed order. */
            figures: components["schemas"]["Figure"][];
            groups: components["schemas"]["Named"][];
            /**
             * Format: int64
             * @description The journal's last position.
             */
            head_position: number;
            /**
             * Format: int64
             * @description The journal position they were computed at.
             */
            position: number;
        };
        /** @description Somebody to whom a case can be given. */
        HandlerItem: {
            /** Format: uuid */
            account: string;
            /** @description Where they work: the names from the county down. */
            area_path: string;
            name: string;
            role_name: string;
        };
        /** @description What a person says unknown headings mean. */
        Headings: {
            /** @description Heading → code or usual heading of a column. */
            headings: {
                [key: string]: string;
            };
        };
        HistoryEvent: {
            actor_name: string;
            /** @description When the server recorded it (RFC 3339, UTC). */
            at: string;
            details: components["schemas"]["Detail"][];
            event: string;
            event_name: string;
            /** @description The journal's hash up to this event. */
            hash: string;
            /** Format: int64 */
            position: number;
            source?: components["schemas"]["SourceRow"] | null;
        };
        /** @description A workbook on its way in. */
        Import: {
            at: string;
            /** Format: int64 */
            bytes: number;
            /**
             * Format: int64
             * @description Rows done, while it runs.
             */
            done: number;
            file: string;
            /** @description What a person has said that headings mean: heading → code or usual heading of a column. */
            headings: {
                [key: string]: string;
            };
            /** Format: uuid */
            id: string;
            problem?: components["schemas"]["ImportProblem"] | null;
            sheets: components["schemas"]["ImportSheet"][];
            /** @description `previewed`, `running`, `done` or `failed`. */
            state: string;
            /** Format: int64 */
            total: number;
        };
        ImportColumn: {
            column?: string | null;
            column_name?: string | null;
            heading: string;
            /** @description The first texts in it, while it is a preview. */
            samples: string[];
        };
        ImportProblem: {
            code: string;
            message: string;
        };
        ImportRow: {
            cells: string[];
            code?: string | null;
            message?: string | null;
            /**
             * Format: int32
             * @description The row as Excel counts it.
             */
            row: number;
            /** @description `accepted`, `refused` or `unchanged`. */
            verdict: string;
        };
        ImportSheet: {
            /** Format: int64 */
            accepted: number;
            columns: components["schemas"]["ImportColumn"][];
            /** Format: int32 */
            heading_row?: number | null;
            ledger?: components["schemas"]["Named"] | null;
            /** @description Required columns that no heading means. */
            missing: components["schemas"]["Named"][];
            /** Format: int64 */
            refused: number;
            /** @description The refused rows, and of a preview the first of the others. */
            rows: components["schemas"]["ImportRow"][];
            sheet: string;
            /**
             * Format: int64
             * @description Rows that only add up others.
             */
            totals: number;
            /** Format: int64 */
            unchanged: number;
        };
        ImportSummary: {
            /** Format: int64 */
            accepted: number;
            at: string;
            file: string;
            /** Format: uuid */
            id: string;
            /** Format: int64 */
            refused: number;
            /** @description `previewed`, `running`, `done` or `failed`. */
            state: string;
            /** Format: int64 */
            unchanged: number;
        };
        /** @description The account's workbooks since the server started, newest first. */
        Imports: {
            items: components["schemas"]["ImportSummary"][];
        };
        /**
         * @description How an input is typed in.
         * @enum {string}
         */
        InputType: "text" | "long_text" | "number" | "day" | "time" | "choice" | "choices" | "buttons" | "boolean" | "area" | "list" | "handler" | "handlers" | "case" | "unit";
        /** @description The account's journal and its last verification. */
        Journal: {
            journals: components["schemas"]["JournalHead"][];
            verification?: components["schemas"]["Verification"] | null;
        };
        /** @description Where a journal ends. */
        JournalHead: {
            /** @description When the last record was written; `null` when the journal is empty. */
            at?: string | null;
            hash: string;
            /** Format: int64 */
            position: number;
            prefecture: components["schemas"]["AreaRef"];
        };
        /** @description A ledger row that could not be accepted. */
        LedgerRow: {
            /** @description Its cells, opened for whoever may mend it; none in a list of fixed rows. */
            cells: components["schemas"]["RowCell"][];
            /** @description The permanent code of the refusal. */
            code: string;
            /** @description The heading of the cell to blame. */
            column?: string | null;
            file: string;
            /** Format: uuid */
            id: string;
            ledger?: components["schemas"]["Named"] | null;
            message: string;
            /** @description Why it was set aside. */
            reason?: string | null;
            /**
             * Format: uuid
             * @description The record that it became.
             */
            record?: string | null;
            /**
             * Format: int32
             * @description The row as Excel counts it.
             */
            row: number;
            sheet: string;
            /** @description `refused`, `fixed` or `set_aside`. */
            state: string;
        };
        LedgerRowCounts: {
            /** Format: int64 */
            fixed: number;
            /** Format: int64 */
            refused: number;
            /** Format: int64 */
            set_aside: number;
        };
        /** @description A page of ledger rows that could not be accepted, newest first. */
        LedgerRows: {
            counts: components["schemas"]["LedgerRowCounts"];
            items: components["schemas"]["LedgerRow"][];
            /** @description The cursor of the next page; `null` on the last. */
            next?: string | null;
        };
        /** @description A dated line, a movement of a stock, or an allocation to a project. */
        Line: {
            area_path?: string | null;
            awaits?: components["schemas"]["Awaits"] | null;
            day?: string | null;
            fields: components["schemas"]["FieldValue"][];
            /** Format: uuid */
            id: string;
            /** @description Of a dated line, its kind in the catalog. */
            kind?: string | null;
            kind_name: string;
            /** @description Fields with personal data. Their values are asked for one by one. */
            sealed: components["schemas"]["Named"][];
            /** @description What it says in one text, where it has no fields of its own. */
            text: string;
            withdrawn: boolean;
        };
        /** @description What a record has by way of lines. */
        Lines: {
            /** @description Oldest first. */
            entered: components["schemas"]["Line"][];
            /** @description Forms for what this account may enter now, each a step `add_line` with its `line_kind`. */
            forms: components["schemas"]["Step"][];
            /** @description Papers that the dossier still lacks; `null` when records of this kind have none. */
            missing?: string[] | null;
            /** @description Whether this account may withdraw a line. */
            withdraws: boolean;
        };
        /** @description A look after the first. */
        Look: {
            day: string;
            failed: number;
            officers: string[];
            passed: number;
        };
        LookedItem: {
            day: string;
            note: string;
            passed: boolean;
        };
        /** @description Cells to be replaced. */
        MendedCells: {
            /** @description Heading → text. */
            cells: {
                [key: string]: string;
            };
        };
        /** @description What would count here as well. */
        Missing: {
            /**
             * Format: int64
             * @description Ledger rows that wait to be fixed.
             */
            refused_rows: number;
        };
        /** @description A code with its name. */
        Named: {
            code: string;
            name: string;
        };
        /** @description One input of a form. */
        Need: {
            /** @description Of a choice. */
            choices?: components["schemas"]["Named"][] | null;
            /** @description The command's field; `fields.…` stands inside its `fields`, `personal.…` inside its `personal`. */
            code: string;
            name: string;
            required: boolean;
            type: components["schemas"]["InputType"];
            /** @description What stands there now. */
            value?: string | null;
            when?: components["schemas"]["NeedWhen"] | null;
        };
        /** @description What a community needs, as its public board says it. */
        NeedItem: {
            area_path: string;
            /** Format: uuid */
            id: string;
            kind_name: string;
            /** @description Whether this account may enter a claim on it. */
            may_claim: boolean;
            number: string;
            text: string;
            title: string;
        };
        /** @description Another input's value. */
        NeedWhen: {
            code: string;
            value: string;
        };
        NewAccount: {
            /** @description The area in which the role is held, with everything below it. */
            area: string;
            /** @description Letters, digits, `.`, `_`, `-`; what is typed to sign in. */
            login: string;
            /** @description The person's name. */
            name: string;
            /** @description A role of the catalog. */
            role: string;
        };
        NewPassword: {
            /** @description Shown this once. */
            password: string;
        };
        NewRevisitDraw: {
            /** @description From the cases of this area and below; the account's own when absent. */
            area?: string | null;
            /** @description Closed on this day or later. */
            closed_from: string;
            /** @description Closed on this day or earlier. */
            closed_until: string;
            /**
             * Format: uuid
             * @description The sender's own UUIDv7, which becomes the draw's. Sent again, nothing more is drawn.
             */
            id: string;
            /** @description Of these kinds; of every kind of case when empty. */
            kinds?: string[];
            /** @description How many, at most 500. */
            wanted: number;
        };
        /** @description What somebody is told of. */
        Notice: {
            area: components["schemas"]["AreaRef"];
            at: string;
            emergency: boolean;
            /** @description One line. */
            heading: string;
            kind: string;
            /** @description Whether it is for this account alone. */
            personal: boolean;
            /**
             * Format: int64
             * @description The journal position of what it tells of; send the highest one shown to `mark_notices_read`.
             */
            position: number;
            read: boolean;
            /**
             * Format: uuid
             * @description The record it is about.
             */
            subject: string;
            /** @description Several lines. */
            text: string;
        };
        /** @description How the notice was received. */
        NoticeReceipt: {
            day: string;
            /** @description `signed` or `refused`. */
            receipt: string;
            receipt_name: string;
        };
        /** @description A page of notices, newest first. */
        Notices: {
            items: components["schemas"]["Notice"][];
            /** @description The cursor of the next page; `null` on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many are unread, counted up to 100.
             */
            unread: number;
        };
        PasswordChange: {
            /** @description At least 10 characters, at most 1,000 bytes, and three of: small letter, capital, digit, other. */
            new: string;
            old: string;
        };
        /** @description A problem as it is sent. */
        Problem: {
            /**
             * @description The permanent code; programs go by it.
             * @enum {string}
             */
            code: "invalid_parameter" | "malformed_body" | "malformed_command" | "unsupported_media_type" | "body_too_large" | "too_many_commands" | "not_signed_in" | "bad_credentials" | "account_locked" | "header_missing" | "cross_origin" | "not_permitted" | "not_found" | "subject_not_found" | "method_not_allowed" | "account_exists" | "own_account" | "command_id_reused" | "subject_exists" | "subject_withdrawn" | "revision_conflict" | "area_exists" | "line_exists" | "step_not_open" | "already_ended" | "checker_is_handler" | "evidence_missing" | "item_not_waiting" | "signature_missing" | "nothing_to_notify" | "not_the_receiver" | "already_late" | "extender_is_handler" | "claimed_already" | "answer_awaited" | "revisitor_is_handler" | "judge_is_party" | "stock_too_small" | "sealed_unreadable" | "bad_password" | "weak_password" | "unknown_role" | "unknown_kind" | "wrong_shape" | "unknown_area" | "outside_prefecture" | "field_invalid" | "missing_value" | "text_too_long" | "quantity_out_of_range" | "personal_data_open" | "personal_field_unknown" | "not_for_the_public" | "too_many_lines" | "line_not_found" | "link_not_found" | "link_unfit" | "handler_out_of_reach" | "not_a_grid_task" | "finished_before_found" | "unknown_checklist" | "unknown_item" | "item_unanswered" | "too_few_officers" | "unknown_outcome" | "amount_overflow" | "import_started" | "no_divisions" | "delivery_not_open" | "workbook_unreadable" | "workbook_not_xlsx" | "workbook_password_protected" | "workbook_damaged" | "workbook_too_large" | "duplicate" | "missing_area" | "ambiguous_area" | "missing_date" | "bad_date" | "bad_number" | "unknown_choice" | "unknown_training" | "unknown_ledger" | "unknown_heading" | "missing_column" | "too_many_files" | "file_not_found" | "file_exists" | "line_once" | "line_missing" | "line_barred" | "line_too_late" | "papers_kept" | "file_empty" | "file_too_large" | "file_type_refused" | "file_damaged" | "paper_too_long" | "paper_does_not_fit" | "picture_unreadable" | "picture_too_large" | "code_too_long" | "font_missing" | "font_unreadable" | "busy" | "stopping" | "storage_unavailable" | "internal";
            /** @description What is wrong with this request, in English. */
            detail: string;
            /** @description The fields or parameters to blame. */
            errors: components["schemas"]["FieldProblem"][];
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description What the code means, in English. */
            title: string;
            /** @description Where the code is explained. */
            type: string;
        };
        /** @description What a ratio is of. */
        Ratio: {
            /** Format: int64 */
            denominator: number;
            /**
             * Format: int64
             * @description Below so much in the denominator there is no value: it would speak of a few people.
             */
            minimum: number;
            /** Format: int64 */
            numerator: number;
        };
        ReadUpTo: {
            /**
             * Format: int64
             * @description The `position` of the newest notice that was seen.
             */
            up_to: number;
        };
        /** @description That the community signed for it. */
        ReceiptItem: {
            day?: string | null;
            signed_by?: string | null;
        };
        /** @description That a unit reported to a community. */
        RegistrationItem: {
            area?: components["schemas"]["AreaRef"] | null;
            area_path: string;
            day?: string | null;
            /**
             * Format: uuid
             * @description The line's id.
             */
            id: string;
            /** @description Whether this account may sign for it now. */
            may_sign: boolean;
            receipt?: components["schemas"]["ReceiptItem"] | null;
        };
        /** @description Another case that tells of the same thing, or the sheet of the check that found it. */
        Related: {
            /** Format: uuid */
            id: string;
            /** @description What it is to this one. */
            relation_name: string;
            title: string;
        };
        /** @description A draw, with all that is needed to make it again. */
        RevisitDraw: {
            area: components["schemas"]["AreaRef"];
            closed_from: string;
            closed_until: string;
            /** @description The day on which it was made. */
            day?: string | null;
            /**
             * Format: int64
             * @description How many were drawn.
             */
            drawn: number;
            /** Format: uuid */
            id: string;
            /** @description Of which kinds; none stands for every kind of case. */
            kind_names: string[];
            /**
             * Format: int64
             * @description Revisits made, given up after the last try, or overtaken by work that began again.
             */
            over: number;
            /**
             * Format: int64
             * @description From how many cases was drawn.
             */
            population: number;
            /**
             * Format: int64
             * @description The journal position of the seed.
             */
            position: number;
            /** @description The journal's hash there. */
            seed: string;
            /**
             * Format: int64
             * @description Revisits still to be made.
             */
            waiting: number;
            /**
             * Format: int64
             * @description How many were to be drawn.
             */
            wanted: number;
        };
        /** @description Draws, newest first; the newest hundred. */
        RevisitDraws: {
            items: components["schemas"]["RevisitDraw"][];
        };
        /** @description A case with how well it was dealt with, and what this account may do about that. */
        RevisitItem: components["schemas"]["TodoItem"] & {
            /** @description The day on which it was closed. */
            closed?: string | null;
            /** @description Personal fields that are kept sealed, like a telephone number; opened one by one. */
            sealed: string[];
            /** @description Its first answer, revisits, appeal, and what is left out of rates. */
            told: components["schemas"]["Detail"][];
            /**
             * Format: int32
             * @description How often somebody tried to reach whoever asked.
             */
            tries: number;
        };
        /** @description A page of cases, those that were opened first standing first. */
        Revisits: {
            /**
             * Format: int64
             * @description Appeals that wait for their decision there.
             */
            appeals: number;
            items: components["schemas"]["RevisitItem"][];
            /** @description The cursor of the next page; `null` on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description Revisits still to be made in the area.
             */
            waiting: number;
        };
        RowCell: {
            heading: string;
            text: string;
        };
        /** @description Who is signed in, and what that account may do. */
        Session: {
            login: string;
            /** @description `read`, `record`, `handle`, `correct`, `withdraw`, `import`, `verify`, `administer`. */
            may: string[];
            /** @description The person's name. */
            name: string;
            /** @description The prefecture whose journal the account's records stand in. */
            prefecture: components["schemas"]["AreaRef"];
            role: string;
            role_name: string;
            /** @description The account sees and changes records of this area and the areas below. */
            scope: components["schemas"]["AreaRef"];
        };
        SetAside: {
            /** @description Why the row is no record. */
            reason: string;
        };
        /** @description A sheet. */
        Sheet: components["schemas"]["CheckRow"] & {
            basis: string;
            checklist: string;
            items: components["schemas"]["SheetItem"][];
            officers: string[];
            receipt?: components["schemas"]["NoticeReceipt"] | null;
            /** @description Every look after the first, oldest first. */
            rechecks: components["schemas"]["Look"][];
            /** @description Whether this account may look again now. */
            rechecks_now: boolean;
            /**
             * Format: int32
             * @description How many events it has had; a command may name it, so as not to land on a newer record.
             */
            revision: number;
            /** @description Whether this account may say that the notice was handed over. */
            serves_now: boolean;
            /** @description How many people sign. */
            signs: number;
            /** Format: int32 */
            version: number;
            withdrawn: boolean;
        };
        /** @description A case that a sheet opened. */
        SheetCase: {
            due?: components["schemas"]["DueItem"] | null;
            handler?: string | null;
            /** Format: uuid */
            id: string;
            number: string;
            state: string;
            state_name: string;
            title: string;
            withdrawn: boolean;
        };
        /** @description An item of a sheet. */
        SheetItem: components["schemas"]["ChecklistItem"] & {
            hazard?: components["schemas"]["SheetCase"] | null;
            looked?: components["schemas"]["LookedItem"] | null;
            note: string;
            /** @description `passed`, `corrected`, `failed` or `not_applicable`. */
            result: string;
            result_name: string;
            /** @description It waits to be looked at again. */
            waiting: boolean;
        };
        SignIn: {
            login: string;
            password: string;
        };
        /** @description Where a record was typed in. */
        SourcePlace: {
            /** @description The workbook's file name. */
            file: string;
            /**
             * Format: int32
             * @description The row as Excel counts it, from 1.
             */
            row: number;
            sheet: string;
        };
        /** @description The ledger row that an event came from, without its personal cells. */
        SourceRow: {
            cells: components["schemas"]["Cell"][];
            file: string;
            /** Format: int32 */
            row: number;
            sheet: string;
        };
        /** @description How many cases stand at each stage. */
        StageCounts: {
            /** Format: int64 */
            claimed: number;
            /** Format: int64 */
            free: number;
            /**
             * Format: int64
             * @description Of the last 90 days.
             */
            fulfilled: number;
            /** Format: int64 */
            publish: number;
            /** Format: int64 */
            review: number;
        };
        /** @enum {string} */
        Status: "accepted" | "known" | "refused";
        /** @description A step that a record offers. */
        Step: {
            /** @description It stands beside the way that a case usually takes, so a screen offers it less prominently. */
            beside: boolean;
            /** @description The command's `type`. */
            command: string;
            /** @description Of an `add_line`, the kind of line. */
            line_kind?: string | null;
            name: string;
            /** @description What the command needs besides. */
            needs: components["schemas"]["Need"][];
        };
        /** @description A record with its whole history. */
        Subject: {
            area: components["schemas"]["AreaRef"];
            /** @description The names from the county down. */
            area_path: string;
            /** @description Whether this account may attach files to it now. */
            attaches: boolean;
            counted_in: components["schemas"]["CountedIn"][];
            day?: string | null;
            fields: components["schemas"]["FieldValue"][];
            /** @description Files that are attached to it, oldest first. */
            files: components["schemas"]["Attachment"][];
            /** @description Oldest first. */
            history: components["schemas"]["HistoryEvent"][];
            /** Format: uuid */
            id: string;
            kind: string;
            kind_name: string;
            /** @description Dated lines that were entered on it, movements of a stock, or allocations to a project. */
            lines: components["schemas"]["Lines"];
            /** @description A case's number, by which people speak of it. */
            number?: string | null;
            /** @description Cases that go on in this one, the one in which it goes on, and the sheet of the check that found it. */
            related: components["schemas"]["Related"][];
            /** @description Whether this account may remove files from it now. */
            removes_files: boolean;
            /**
             * Format: int32
             * @description How many events it has had; a command may name it, so as not to land on a newer record.
             */
            revision: number;
            /** @description Fields with personal data. Their values are asked for one by one. */
            sealed: components["schemas"]["Named"][];
            /** @description `entry`, `fact`, `activity`, `case`, `stock`, `assessment`, `project` or `ledger_row`. */
            shape: string;
            state: string;
            state_name: string;
            /** @description What this account may do with it now. */
            steps: components["schemas"]["Step"][];
            title: string;
            withdrawn: boolean;
        };
        /** @description A page of cases, the most urgent first. */
        Todo: {
            counts: components["schemas"]["TodoCounts"];
            items: components["schemas"]["TodoItem"][];
            /** @description The cursor of the next page; `null` on the last. */
            next?: string | null;
            pages: components["schemas"]["TodoPages"];
        };
        /** @description How many cases are due, by urgency. */
        TodoCounts: {
            /**
             * Format: int64
             * @description The day is over.
             */
            late: number;
            /**
             * Format: int64
             * @description After that, or without a clock.
             */
            later: number;
            /**
             * Format: int64
             * @description Today or within two working days.
             */
            soon: number;
        };
        /** @description A case with what this account may do with it now. */
        TodoItem: components["schemas"]["CaseItem"] & {
            /**
             * Format: int32
             * @description How many events it has had; a command names it, so as not to land on a newer record.
             */
            revision: number;
            steps: components["schemas"]["TodoStep"][];
        };
        /** @description How many cases stand on each page. */
        TodoPages: {
            /**
             * Format: int64
             * @description Whatever is due in the area.
             */
            area: number;
            /**
             * Format: int64
             * @description What is so late that its office heard of it.
             */
            escalated: number;
            /**
             * Format: int64
             * @description What the account leads, assists with or is asked to sign for.
             */
            mine: number;
            /**
             * Format: int64
             * @description What it reported or finished, and others go on with.
             */
            waiting: number;
        };
        /** @description A step that a case offers. */
        TodoStep: {
            /** @description It stands beside the way that a case usually takes. */
            beside: boolean;
            /** @description The command's `type`. */
            command: string;
            name: string;
            /** @description The command needs nothing besides, so it can be sent for many cases at once. */
            plain: boolean;
        };
        TrendPoint: {
            /** @description `YYYY-MM`. */
            period: string;
            value: string;
        };
        /** @description A unit that reports to communities: where, what they need, what it claimed and did. All of it is read off records. */
        Unit: {
            area: components["schemas"]["AreaRef"];
            /** @description What it did in the year of the quarter. */
            card: components["schemas"]["UnitSheet"];
            /** @description Newest first. */
            claims: components["schemas"]["UnitClaimItem"][];
            /** Format: uuid */
            id: string;
            name: string;
            /** @description What its communities need and nobody has claimed, the longest waiting first in each. */
            needs: components["schemas"]["NeedItem"][];
            registrations: components["schemas"]["RegistrationItem"][];
            /** @description What it did in the quarter. */
            sheet: components["schemas"]["UnitSheet"];
        };
        UnitClaimItem: {
            area_path: string;
            claimant: string;
            day: string;
            due?: components["schemas"]["DueItem"] | null;
            /** @description When it was fulfilled, given back, or ran out. */
            ended?: string | null;
            /** Format: uuid */
            id: string;
            kind_name: string;
            /** @description `open`, `fulfilled`, `released` or `overdue`. */
            stands: string;
            state_name: string;
            /** @description What the board says of it; `null` once it was taken off. */
            title?: string | null;
        };
        /** @description A unit that reports to communities. */
        UnitItem: {
            /** @description Where it stands. */
            area: components["schemas"]["AreaRef"];
            /** @description How many claims it made, those given back among them. */
            claims: number;
            /** @description The communities to which it reported. */
            communities: components["schemas"]["AreaRef"][];
            /** Format: uuid */
            id: string;
            name: string;
        };
        /** @description What a unit did in a time. Every number is the length of a list of records. */
        UnitSheet: {
            activities: components["schemas"]["Did"][];
            claimed: components["schemas"]["Did"][];
            /** @description The first day. */
            from: string;
            fulfilled: components["schemas"]["Did"][];
            released: components["schemas"]["Did"][];
            /** @description The last day. */
            until: string;
        };
        /** @description A page of units, by name. */
        Units: {
            items: components["schemas"]["UnitItem"][];
            /** @description The cursor of the next page; `null` on the last. */
            next?: string | null;
            /** @description How many there are on all pages. */
            total: number;
        };
        /** @description What is left to read. */
        Unread: {
            /**
             * Format: int64
             * @description How many are unread, counted up to 100.
             */
            unread: number;
        };
        Unseal: {
            /** @description The personal field's code. */
            field: string;
            /**
             * Format: uuid
             * @description The line on which it is, when it is not the record's own.
             */
            line?: string | null;
        };
        Unsealed: {
            field: string;
            /** @description `null` when the personal data was erased. */
            value?: string | null;
        };
        Verification: {
            /**
             * Format: int64
             * @description How many records are in order.
             */
            checked: number;
            first_bad?: components["schemas"]["BadRecord"] | null;
            started_at: string;
            /** @description `running` or `done`. */
            state: string;
            /** Format: int64 */
            took_ms?: number | null;
            /** Format: int64 */
            total: number;
        };
        /** @description A workbook. */
        WorkbookForm: {
            /**
             * Format: binary
             * @description The `.xlsx` file.
             */
            file: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
