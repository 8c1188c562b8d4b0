// Written by `npm run client-types` from /openapi.json. Not to be edited.

export interface paths {
    "/v1/api/trigger/imagine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Draw four pictures from a prompt
         * @description Costs one token, which is given back if the task fails.
         */
        post: operations["imagine"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/blend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Blend two to five pictures into four new ones
         * @description The pictures are uploads, by their `upload_filenames`, or sent as `images` in multipart/form-data: png, jpeg, webp or gif, at most 10485760 bytes each. An account blends one set of pictures at a time, since the answer does not show which set it is of. Costs one token, which is given back if the task fails.
         */
        post: operations["blend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/edit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Draw four pictures from one to four others, as a prompt says
         * @description Uses the parameter --edit of V8, which replaces omni and character references: changes a picture, combines what is in several, or shows it elsewhere. Costs one token, which is given back if the task fails.
         */
        post: operations["edit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/video": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make videos of any picture
         * @description Five seconds each, all in one animated webp: `/video_upscale` picks one as an mp4, which `/extend` makes longer. A video is 480 or 720 pixels high, as the account is set. Costs one token, which is given back if the task fails.
         */
        post: operations["video"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/upscale": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take one of the four pictures
         * @description Costs one token, which is given back if the task fails. The parent must have succeeded and have this button.
         */
        post: operations["upscale"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/variation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Draw four variations of one of the four pictures
         * @description Costs one token, which is given back if the task fails. The parent must have succeeded and have this button.
         */
        post: operations["variation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Draw the four again (Midjourney's reroll)
         * @description Costs one token, which is given back if the task fails. The parent must have succeeded and have this button.
         */
        post: operations["reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/solo_variation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Draw variations of a single picture
         * @description Costs one token, which is given back if the task fails. The parent must have succeeded and have this button.
         */
        post: operations["soloVariation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/solo_low_variation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Draw subtle variations of a single picture
         * @description Costs one token, which is given back if the task fails. The parent must have succeeded and have this button.
         */
        post: operations["soloLowVariation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/solo_high_variation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Draw strong variations of a single picture
         * @description Costs one token, which is given back if the task fails. The parent must have succeeded and have this button.
         */
        post: operations["soloHighVariation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/expand": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Continue a single picture to one side
         * @description Costs one token, which is given back if the task fails. The parent must have succeeded and have this button.
         */
        post: operations["expand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/zoomout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Zoom out of a single picture
         * @description Costs one token, which is given back if the task fails. The parent must have succeeded and have this button.
         */
        post: operations["zoomout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/vary_region": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Draw a part of a single picture again
         * @description The part is a `mask`, in base64 or as a file in multipart/form-data, or `boxes` and `polygons`. Needs an account with a user session, because Midjourney opens its editor for the user only. Costs one token, which is given back if the task fails.
         */
        post: operations["varyRegion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/max_upscale": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enlarge a single picture
         * @description Costs one token, which is given back if the task fails. The parent must have succeeded and have this button.
         */
        post: operations["maxUpscale"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/animate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make videos of a single picture
         * @description Costs one token, which is given back if the task fails. The parent must have succeeded and have this button.
         */
        post: operations["animate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/video_upscale": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take one of several videos, as an mp4
         * @description Costs one token, which is given back if the task fails. The parent must have succeeded and have this button.
         */
        post: operations["videoUpscale"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a picked video four seconds longer, up to 21
         * @description Costs one token, which is given back if the task fails. The parent must have succeeded and have this button.
         */
        post: operations["extend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/action": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Press any button that a task shows
         * @description Including those under the prompts of a describe or shorten, which draw one of the prompts. A button that draws nothing, such as marking a favourite, or that needs more than a prompt, such as varying a region, is refused with 409. Costs one token, which is given back if the task fails.
         */
        post: operations["action"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/imagine_all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Draw all prompts of a describe or shorten
         * @description Each prompt becomes a task and costs one token, which is given back if that task fails. If the tokens suffice for some of them only, those are drawn, and `refused` says why the others are not; repeated with the same `Idempotency-Key`, the request submits those that are missing.
         */
        post: operations["imagineAll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/describe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Four prompts that describe a picture
         * @description The picture is an upload, or at a link that Midjourney can open. The prompts are in `texts` of the task. An account describes one link at a time. Costs one token, which is given back if the task fails.
         */
        post: operations["describe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/shorten": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shorter prompts for a prompt
         * @description The prompts are in `texts` of the task, the longest first. An account shortens one prompt at a time. Costs one token, which is given back if the task fails.
         */
        post: operations["shorten"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring an old Midjourney job back, with its buttons
         * @description The job becomes a task that can be continued like any other. Midjourney shows an account its own jobs only: the account is known for a job that this service drew; for any other, name it in `account`. Costs one token, which is given back if the task fails.
         */
        post: operations["show"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/prompts/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What Midjourney would refuse or ignore in a prompt
         * @description Costs nothing and draws nothing. Errors are what Midjourney or this service would refuse; warnings are what Midjourney may refuse or draw differently. A prompt that names no model is checked for the model that it is probably drawn with, and what is wrong for that model only is a warning.
         */
        post: operations["checkPrompt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/task/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of your tasks; for operators, anybody’s
         * @description With `wait`, answers as soon as the task changes, or when the time is up. With `If-None-Match` too, a change since that entity tag is answered at once.
         */
        get: operations["getTask"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your tasks, newest first; for operators, everybody’s */
        get: operations["listTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/task/{id}/relatives": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The tasks that a task comes from, and those that continue it or its parent
         * @description At most 100 of each kind. Each has fewer fields than `GET /task/{id}` shows.
         */
        get: operations["getRelatives"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/task/{id}/seed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The seed of a task's picture
         * @description Midjourney is asked for it once; then the task has it in `drawn.seed`. Midjourney sends it to the account’s user only, so this needs an account with a user session. Costs no token.
         */
        get: operations["getSeed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/task/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens to one of your tasks, as server-sent events; for operators, to anybody’s
         * @description The first event is the task as it is: `status`. Then `status` whenever its status changed, `progress` whenever only its progress did, and one `final` event when it has ended, after which the stream ends. `data` is the task, as `GET /task/{id}` shows it; `id` is its version, and of `final` how it ended too. With `Last-Event-ID`, a client that has the present version already is not sent it again; when it has the final one, the answer is 204, so that an EventSource stops asking. A comment line comes every 15 seconds.
         */
        get: operations["streamTaskEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/queue/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give up a waiting or stuck task
         * @description By its owner: a task that was not sent fails with `released` at once, and its token is given back; one that was sent is cancelled, as by `/cancel`. By an operator, any task fails with `released` at once, and its token is given back; the account is free for another one when Midjourney has ended the drawing. A finished task stays as it is.
         */
        post: operations["releaseTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a task
         * @description One that waits fails with `cancelled` at once. One that is being drawn is cancelled at Midjourney: follow it, it fails with `cancelled` within seconds, unless its picture is faster. Either way its token is given back with the failure. A finished task stays as it is. Users can cancel their own tasks, operators those of all. Costs no token.
         */
        post: operations["cancelTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/task/{id}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Buy the picture that came after a task had failed
         * @description Midjourney may finish a picture after its task was given up or cancelled, and its token given back: the task then shows `late_result`. Claiming it costs one token and makes the task `succeeded`, with its picture and buttons. Its hook and its events report that. Repeated, the request has the same answer and costs nothing.
         */
        post: operations["claimTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload a picture, to describe it or to use it in a prompt
         * @description png, jpeg, webp or gif, at most 10485760 bytes, 50000000 pixels in all and 16384 on a side. Interlaced, animated and webp pictures may have fewer, as they take more memory to read. Everything in the file but its pixels, such as where a photo was taken, is removed. Costs no token.
         */
        post: operations["upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post an uploaded picture, to get a link for prompts
         * @description Use `picurl` in /imagine. Costs no token.
         */
        post: operations["postMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whose key this is, and how many tokens are left */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What your tokens were used for; for operators, everybody’s
         * @description By day or month (UTC) and kind of task. It comes from the ledger, so it stays right when old tasks are deleted. A token counts on the day on which it was reserved, spent or returned.
         */
        get: operations["getUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What operators changed, the newest first, for operators */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The Midjourney accounts, for operators */
        get: operations["listAccounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/accounts/{name}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is, or soon will be, wrong with an account, for operators
         * @description The account's worker checks it at Discord: with one call by the user's token where the account has a bot, else with four, and with /info and /settings where the user listens. Costs no token.
         */
        get: operations["checkAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/account/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Midjourney's /info of an account, for operators
         * @description Midjourney shows it to the account's user only, so this needs an account with a user session. Costs no token.
         */
        get: operations["getAccountInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api/trigger/accounts/{name}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Midjourney's /settings of an account, for operators
         * @description Midjourney shows the menu to the account's user only, so this needs an account with a user session. What the menu does not show is null. Costs no token.
         */
        get: operations["getAccountSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Midjourney's /settings of an account, for operators
         * @description Presses what differs, one after the other, and reads the menu again, up to three times. `applied` lists what the menu shows at the end, `refused` what it does not. Settings hold for everybody who uses the account.
         */
        patch: operations["changeAccountSettings"];
        trace?: never;
    };
    "/v1/images/previews/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The unfinished picture of a task
         * @description A task's `preview_url` points here while it is drawn. It needs no key and works for anyone who has the link, which nobody can guess. It is gone once the task has a newer one or has ended.
         */
        get: operations["getPreview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/images/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A finished picture
         * @description A task's `image_url` points here once its picture is stored. It needs no key and works for anyone who has the link, which nobody can guess; only an operator’s key opens a picture that came late and is not claimed yet. It never changes, so it may be cached for ever, and it can be read in parts (`Range`). `part` shows one of the four of a grid, without a pick: a picture in its own format, a video as an animated webp. `w` makes a smaller webp of it.
         */
        get: operations["getImage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether MySQL and Redis can be reached
         * @description When one cannot, the answer names it in `detail` and `checks`.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics for Prometheus
         * @description Those of this api process and of all workers, which have the label `worker`. Answers without what is in MySQL or Redis while they are away.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        TaskNotice: {
            /** @enum {string} */
            type: "task.queued" | "task.submitted" | "task.running" | "task.succeeded" | "task.failed";
            /**
             * Format: date-time
             * @description when it changed
             */
            timestamp: string;
            data: components["schemas"]["Task"];
        };
        Task: {
            trigger_id: string;
            /** @enum {string} */
            trigger_type: "generate" | "upscale" | "variation" | "reset" | "solo_variation" | "solo_low_variation" | "solo_high_variation" | "expand" | "zoomout" | "describe" | "blend" | "shorten" | "max_upscale" | "edit" | "video" | "animate" | "vary_region" | "video_upscale" | "extend" | "action" | "show";
            /** @description for an `action`: the kind of button that it presses, such as `upscale` or `custom_zoom` */
            button?: string;
            /** @enum {string} */
            bot: "midjourney" | "niji";
            /** @enum {string} */
            status: "queued" | "submitted" | "running" | "succeeded" | "failed";
            progress: number;
            /** @description as you wrote it */
            prompt: string;
            /** @description what is sent to Midjourney, if it differs from `prompt`: with `params`, a pinned model, or changes by the operator’s prompt service */
            sent_prompt?: string;
            index?: number;
            /**
             * @description the speed that the prompt asks for
             * @enum {string}
             */
            speed?: "fast" | "relax" | "turbo";
            parent_trigger_id?: string;
            msg_id?: string;
            msg_hash?: string;
            /** @description permanent link to the picture, see `GET /v1/images/{file}`; until the picture is stored, a link to Discord that is valid for about a day after the task was read */
            image_url?: string;
            /** @description while it is drawn: the unfinished picture. The link changes with each progress, and is gone at the end */
            preview_url?: string;
            /** @description type of the picture or video. Several videos come as one animated `image/webp` */
            media_type?: string;
            /** @description duration of a video in seconds, once it is stored */
            duration?: number;
            /** @description still picture of a stored video */
            poster_url?: string;
            width?: number;
            height?: number;
            buttons: {
                label: string;
                custom_id: string;
                /** @description the button in words, because its label may be an emoji or a number */
                name?: string;
                /** @description the route that presses it; `/action` presses any button */
                action?: string;
                /**
                 * @description whether it asks for a prompt, which `POST /action` takes: `always`, or `maybe`, that is in remix mode only
                 * @enum {string}
                 */
                form?: "always" | "maybe";
                /** @description why it cannot be pressed, as a sentence; absent if it can */
                unavailable?: string;
            }[];
            /** @description for describe: the four prompts; for shorten: the shorter prompts */
            texts?: string[];
            /** @description for shorten: Midjourney’s answer as markdown, with the words that matter and the shorter prompts */
            analysis?: string;
            /** @description what Midjourney says it drew */
            drawn?: {
                /** @description as Midjourney repeats it */
                prompt: string;
                /** @description such as `8.1` or `niji 7` */
                model?: string;
                /** @enum {string} */
                speed?: "fast" | "relax" | "turbo";
                /** @description known once it was requested by `GET /task/{id}/seed` */
                seed?: number;
            };
            /** @description what Midjourney may refuse, or may draw or has drawn differently than requested */
            warnings?: {
                /** @description by its short name, such as `ar` */
                parameter?: string;
                /**
                 * @description for programs
                 * @enum {string}
                 */
                code: "unknown_parameter" | "bad_value" | "not_taken" | "not_together" | "ignored" | "uncertain" | "unknown_model" | "hook_failed" | "banned_prompt" | "too_long" | "other_model" | "other_speed";
                /** @description a sentence for people */
                message: string;
            }[];
            /** @enum {string} */
            fail_code?: "rejected" | "invalid_parameter" | "banned" | "moderated" | "stopped" | "timeout" | "not_started" | "released" | "cancelled" | "account_unavailable" | "verification_required" | "internal";
            /** @description for people */
            fail_reason?: string;
            /** @description a picture arrived after the task had failed; `POST /task/{id}/claim` buys it for one token */
            late_result?: {
                /** @enum {boolean} */
                available: true;
                /** @description only for operators, like the fields after it */
                image_url?: string;
                msg_id?: string;
                msg_hash?: string;
            };
            /** @enum {string} */
            token: "reserved" | "spent" | "refunded";
            /** @description for a waiting task that is read by its id, and always together with `retry_at` */
            queue?: {
                /** @description 1 is next */
                position: number;
                /** @description why it waits, if not only because of its position */
                reason?: string;
                /** @description seconds until its picture is finished; absent while nothing can be drawn */
                estimate_seconds?: number;
            };
            /**
             * Format: date-time
             * @description when a task that Midjourney did not accept is sent again
             */
            retry_at?: string;
            /** @description as in `queue` */
            position?: number;
            /** @description as in `queue` */
            estimate_seconds?: number;
            state?: string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            submitted_at?: string;
            /** Format: date-time */
            started_at?: string;
            /** Format: date-time */
            finished_at?: string;
            /** @description the owner; only for operators, like the fields after it */
            user?: string;
            /** @description the account that draws it */
            account?: string;
            /** @description how many times a worker was about to send it */
            attempts?: number;
            /** @description id of the request that submitted it */
            request_id?: string;
            /** @description details of the failure that only operators see */
            fail_detail?: string;
            /** @description number of notices to its notify_hook, by state */
            notices?: {
                waiting?: number;
                delivered?: number;
                overtaken?: number;
                dead?: number;
                /** @description why the last attempt failed */
                reason?: string;
            };
        };
        Problem: {
            type: string;
            /** @description the name of the status */
            title: string;
            status: number;
            /** @description a sentence that a person can act on */
            detail: string;
            /**
             * @description for programs
             * @enum {string}
             */
            code: "invalid_request" | "banned_prompt" | "bad_signature" | "credentials_required" | "auth_failed" | "forbidden" | "not_found" | "method_not_allowed" | "action_unavailable" | "idempotency_conflict" | "too_large" | "unsupported_image" | "range_not_satisfiable" | "insufficient_tokens" | "rate_limited" | "internal" | "queue_full" | "no_account" | "unavailable";
            /** @description also in the header X-Request-Id */
            request_id: string;
            /** @description what is wrong with which field */
            errors?: {
                path: string;
                message: string;
                /** @description what is wrong with a prompt, as in `POST /prompts/check` */
                code?: string;
                parameter?: string;
            }[];
            /** @description with `action_unavailable`: the buttons that can be pressed instead */
            available?: {
                label: string;
                custom_id: string;
                action?: string;
            }[];
        };
        Accepted: {
            /** @enum {string} */
            message: "success";
            /** @description the new task's id */
            trigger_id: string;
            /** @enum {string} */
            trigger_type: "generate" | "upscale" | "variation" | "reset" | "solo_variation" | "solo_low_variation" | "solo_high_variation" | "expand" | "zoomout" | "describe" | "blend" | "shorten" | "max_upscale" | "edit" | "video" | "animate" | "vary_region" | "video_upscale" | "extend" | "action" | "show";
            /** @enum {string} */
            status: "queued";
            /** @description the task whose picture it continues */
            parent_trigger_id?: string;
            /** @description what Midjourney may refuse in the prompt, or draw differently */
            warnings?: {
                /** @description by its short name, such as `ar` */
                parameter?: string;
                /**
                 * @description for programs
                 * @enum {string}
                 */
                code: "unknown_parameter" | "bad_value" | "not_taken" | "not_together" | "ignored" | "uncertain" | "unknown_model" | "hook_failed" | "banned_prompt" | "too_long" | "other_model" | "other_speed";
                /** @description a sentence for people */
                message: string;
            }[];
        };
        Imagine: {
            /** @description what to draw, with parameters such as --ar 3:2 */
            prompt: string;
            /**
             * Format: uri
             * @description a picture to start from; its link goes before the prompt
             */
            picurl?: string | null;
            /**
             * @description written into the prompt as --fast, --relax or --turbo, unless it is there already; chooses an account that draws at it
             * @enum {string|null}
             */
            speed?: "fast" | "relax" | "turbo" | null;
            /** @description parameters of the prompt as fields: `{"ar": "3:2", "raw": true, "no": ["dogs"]}` is `--ar 3:2 --raw --no dogs`. One that the prompt has with another value is refused */
            params?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description the bot: `midjourney`, also when left out, or `niji`
             * @enum {string|null}
             */
            bot?: "midjourney" | "niji" | null;
            /** @description your own text, returned unchanged with the task */
            state?: string | null;
            /**
             * Format: uri
             * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
             */
            notify_hook?: string | null;
            /**
             * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
             * @enum {string|null}
             */
            notify?: "all" | "final" | null;
        };
        Blend: {
            /** @description the `upload_filename`s that `/upload` answered */
            upload_filenames: string[];
            /**
             * @description 2:3, 1:1 or 3:2; square when left out
             * @default square
             * @enum {string|null}
             */
            dimensions?: "portrait" | "square" | "landscape" | null;
            /**
             * @description chooses an account that is set to it, because Midjourney’s /blend cannot ask for a speed; with `upload_filenames` it has to be given to each `/upload`, too
             * @enum {string|null}
             */
            speed?: "fast" | "relax" | "turbo" | null;
            /**
             * @description the bot: `midjourney`, also when left out, or `niji`
             * @enum {string|null}
             */
            bot?: "midjourney" | "niji" | null;
            /** @description your own text, returned unchanged with the task */
            state?: string | null;
            /**
             * Format: uri
             * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
             */
            notify_hook?: string | null;
            /**
             * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
             * @enum {string|null}
             */
            notify?: "all" | "final" | null;
        };
        BlendPictures: {
            /** @description the pictures, as files that all have this name */
            images: Blob[];
            /**
             * @description 2:3, 1:1 or 3:2; square when left out
             * @default square
             * @enum {string|null}
             */
            dimensions?: "portrait" | "square" | "landscape" | null;
            /**
             * @description chooses an account that is set to it, because Midjourney’s /blend cannot ask for a speed; with `upload_filenames` it has to be given to each `/upload`, too
             * @enum {string|null}
             */
            speed?: "fast" | "relax" | "turbo" | null;
            /**
             * @description the bot: `midjourney`, also when left out, or `niji`
             * @enum {string|null}
             */
            bot?: "midjourney" | "niji" | null;
            /** @description your own text, returned unchanged with the task */
            state?: string | null;
            /**
             * Format: uri
             * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
             */
            notify_hook?: string | null;
            /**
             * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
             * @enum {string|null}
             */
            notify?: "all" | "final" | null;
        };
        Edit: {
            /** @description what to do with the pictures, with parameters such as --ar 3:2 */
            prompt: string;
            /** @description URLs, or the `upload_filename`s that `/upload` answered; the first decides the aspect ratio unless --ar does */
            images: string[];
            /** @description parameters of the prompt as fields: `{"ar": "3:2", "raw": true, "no": ["dogs"]}` is `--ar 3:2 --raw --no dogs`. One that the prompt has with another value is refused */
            params?: {
                [key: string]: unknown;
            } | null;
            /** @enum {string|null} */
            speed?: "fast" | "relax" | "turbo" | null;
            /** @description your own text, returned unchanged with the task */
            state?: string | null;
            /**
             * Format: uri
             * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
             */
            notify_hook?: string | null;
            /**
             * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
             * @enum {string|null}
             */
            notify?: "all" | "final" | null;
        };
        Video: {
            /**
             * Format: uri
             * @description the first frame
             */
            picurl?: string;
            /** @description instead of `picurl`: the `upload_filename` that `/upload` answered */
            upload_filename?: string | null;
            /**
             * Format: uri
             * @description the last frame
             */
            end_url?: string;
            /** @description instead of `end_url`: the `upload_filename` that `/upload` answered */
            end_upload_filename?: string | null;
            /** @description ends with the first frame, so that it repeats without a break */
            loop?: boolean | null;
            /** @description what happens in the video; Midjourney decides when left out */
            prompt?: string;
            /**
             * @description how much moves in the video; low when left out
             * @default low
             * @enum {string|null}
             */
            motion?: "high" | "low" | null;
            /**
             * @description how many videos of the picture; four when left out
             * @default 4
             * @enum {integer|null}
             */
            batch?: 1 | 2 | 4 | null;
            /** @description follows the prompt more closely */
            raw?: boolean | null;
            /**
             * @description fast or relax; there are no videos in turbo mode
             * @enum {string|null}
             */
            speed?: "fast" | "relax" | null;
            /** @description your own text, returned unchanged with the task */
            state?: string | null;
            /**
             * Format: uri
             * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
             */
            notify_hook?: string | null;
            /**
             * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
             * @enum {string|null}
             */
            notify?: "all" | "final" | null;
        };
        VaryRegion: {
            /** @description the task whose picture is continued */
            trigger_id: string;
            /** @description Discord's id of the picture's message; looked up when left out */
            msg_id?: string | null;
            /** @description the picture's hash; looked up when left out */
            msg_hash?: string | null;
            /**
             * @description must be the speed that the button draws at: that of its picture, or else that of its account
             * @enum {string|null}
             */
            speed?: "fast" | "relax" | "turbo" | null;
            /** @description ignored, as there is only one picture */
            index?: unknown;
            /** @description what to draw in the region */
            prompt: string;
            /** @description your own text, returned unchanged with the task */
            state?: string | null;
            /**
             * Format: uri
             * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
             */
            notify_hook?: string | null;
            /**
             * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
             * @enum {string|null}
             */
            notify?: "all" | "final" | null;
            /** @description a png or webp in base64: white is drawn again, black stays. It is resized to the size of the picture */
            mask?: string | null;
            /** @description instead of a mask, also together with polygons: what is drawn again, in pixels of the picture */
            boxes?: {
                x: number;
                y: number;
                width: number;
                height: number;
            }[] | null;
            /** @description the corners of each, as [x, y] */
            polygons?: number[][][] | null;
        };
        VaryRegionMask: {
            /** @description the task whose picture is continued */
            trigger_id: string;
            /** @description Discord's id of the picture's message; looked up when left out */
            msg_id?: string | null;
            /** @description the picture's hash; looked up when left out */
            msg_hash?: string | null;
            /**
             * @description must be the speed that the button draws at: that of its picture, or else that of its account
             * @enum {string|null}
             */
            speed?: "fast" | "relax" | "turbo" | null;
            /** @description ignored, as there is only one picture */
            index?: unknown;
            /** @description what to draw in the region */
            prompt: string;
            /** @description your own text, returned unchanged with the task */
            state?: string | null;
            /**
             * Format: uri
             * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
             */
            notify_hook?: string | null;
            /**
             * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
             * @enum {string|null}
             */
            notify?: "all" | "final" | null;
            /** Format: binary */
            mask: Blob;
        };
        Action: {
            /** @description the task whose picture is continued */
            trigger_id: string;
            /** @description Discord's id of the picture's message; looked up when left out */
            msg_id?: string | null;
            /** @description the picture's hash; looked up when left out */
            msg_hash?: string | null;
            /**
             * @description must be the speed that the button draws at: that of its picture, or else that of its account
             * @enum {string|null}
             */
            speed?: "fast" | "relax" | "turbo" | null;
            /** @description the `custom_id` of one of the `buttons` of the task */
            custom_id?: string | null;
            /** @description the label of the button, instead of its `custom_id` */
            label?: string | null;
            /** @description for a button that opens a form: Custom Zoom, or, in remix mode, variations, pans, reroll and videos. When left out, the form is sent as Midjourney proposes it. Needs an account with a user session, except for the prompts of a describe or shorten */
            prompt?: string | null;
            /** @description parameters of the prompt as fields: `{"ar": "3:2", "raw": true, "no": ["dogs"]}` is `--ar 3:2 --raw --no dogs`. One that the prompt has with another value is refused */
            params?: {
                [key: string]: unknown;
            } | null;
            /** @description your own text, returned unchanged with the task */
            state?: string | null;
            /**
             * Format: uri
             * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
             */
            notify_hook?: string | null;
            /**
             * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
             * @enum {string|null}
             */
            notify?: "all" | "final" | null;
        };
        AllAccepted: {
            /** @enum {string} */
            message: "success";
            /** @description the ids of the new tasks, in the order of the prompts */
            trigger_ids: string[];
            parent_trigger_id: string;
            /** @description why the remaining prompts were not submitted */
            refused?: {
                code: string;
                detail: string;
            };
        };
        ImagineAll: {
            /** @description the describe or shorten task that has the prompts */
            trigger_id: string;
            /** @description your own text, returned unchanged with the task */
            state?: string | null;
            /**
             * Format: uri
             * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
             */
            notify_hook?: string | null;
            /**
             * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
             * @enum {string|null}
             */
            notify?: "all" | "final" | null;
        };
        Describe: {
            /** @description the `upload_filename` that `/upload` answered */
            upload_filename?: string | null;
            /**
             * Format: uri
             * @description the link of the picture, instead of an upload
             */
            link?: string | null;
            /**
             * @description the bot: `midjourney`, also when left out, or `niji`
             * @enum {string|null}
             */
            bot?: "midjourney" | "niji" | null;
            /**
             * @description with a link: chooses an account that draws at it. With an upload it has to be given to `/upload`, because the account that took the upload describes it
             * @enum {string|null}
             */
            speed?: "fast" | "relax" | "turbo" | null;
            /** @description the `trigger_id` that `/upload` answered; not needed */
            trigger_id?: string;
            /** @description your own text, returned unchanged with the task */
            state?: string | null;
            /**
             * Format: uri
             * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
             */
            notify_hook?: string | null;
            /**
             * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
             * @enum {string|null}
             */
            notify?: "all" | "final" | null;
        };
        Shorten: {
            /** @description what to shorten */
            prompt: string;
            /**
             * @description the bot: `midjourney`, also when left out, or `niji`
             * @enum {string|null}
             */
            bot?: "midjourney" | "niji" | null;
            /**
             * @description chooses an account that draws at it
             * @enum {string|null}
             */
            speed?: "fast" | "relax" | "turbo" | null;
            /** @description your own text, returned unchanged with the task */
            state?: string | null;
            /**
             * Format: uri
             * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
             */
            notify_hook?: string | null;
            /**
             * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
             * @enum {string|null}
             */
            notify?: "all" | "final" | null;
        };
        Show: {
            /**
             * Format: uuid
             * @description the job's UUID: the `msg_hash` of a task, or the end of a picture's file name
             */
            job_id: string;
            /** @description the Midjourney account that drew the job, by the name that the operator gave it; only for a job that this service did not draw, and only needed where there are several accounts */
            account?: string | null;
            /**
             * @description must be a speed that the account of the job draws at
             * @enum {string|null}
             */
            speed?: "fast" | "relax" | "turbo" | null;
            /**
             * @description the bot: `midjourney`, also when left out, or `niji`
             * @enum {string|null}
             */
            bot?: "midjourney" | "niji" | null;
            /** @description your own text, returned unchanged with the task */
            state?: string | null;
            /**
             * Format: uri
             * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
             */
            notify_hook?: string | null;
            /**
             * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
             * @enum {string|null}
             */
            notify?: "all" | "final" | null;
        };
        CheckedPrompt: {
            /** @description whether there are no errors */
            ok: boolean;
            errors: {
                /** @description by its short name, such as `ar` */
                parameter?: string;
                /**
                 * @description for programs
                 * @enum {string}
                 */
                code: "unknown_parameter" | "bad_value" | "not_taken" | "not_together" | "ignored" | "uncertain" | "unknown_model" | "hook_failed" | "banned_prompt" | "too_long" | "other_model" | "other_speed";
                /** @description a sentence for people */
                message: string;
            }[];
            warnings: {
                /** @description by its short name, such as `ar` */
                parameter?: string;
                /**
                 * @description for programs
                 * @enum {string}
                 */
                code: "unknown_parameter" | "bad_value" | "not_taken" | "not_together" | "ignored" | "uncertain" | "unknown_model" | "hook_failed" | "banned_prompt" | "too_long" | "other_model" | "other_speed";
                /** @description a sentence for people */
                message: string;
            }[];
            /** @description the model that it is drawn with, such as `8.1` or `niji 7` */
            model: string;
        };
        PromptToCheck: {
            /** @description as for /imagine */
            prompt: string;
            /** @description parameters of the prompt as fields: `{"ar": "3:2", "raw": true, "no": ["dogs"]}` is `--ar 3:2 --raw --no dogs`. One that the prompt has with another value is refused */
            params?: {
                [key: string]: unknown;
            } | null;
            /** @enum {string|null} */
            speed?: "fast" | "relax" | "turbo" | null;
            /**
             * @description the bot: `midjourney`, also when left out, or `niji`
             * @enum {string|null}
             */
            bot?: "midjourney" | "niji" | null;
            /** @description the Midjourney account that is to draw it, by the name that the operator gave it */
            account?: string | null;
        };
        Tasks: {
            data: components["schemas"]["Task"][];
            /** @description null on the last page */
            next_cursor: string | null;
        };
        Relatives: {
            /** @description its parent first, then the parent of that one, and so on */
            ancestors: components["schemas"]["Relative"][];
            /** @description tasks that continue its picture, newest first */
            children: components["schemas"]["Relative"][];
            /** @description other tasks that continue the picture of its parent, newest first */
            siblings: components["schemas"]["Relative"][];
        };
        Relative: {
            trigger_id: string;
            /** @enum {string} */
            trigger_type: "generate" | "upscale" | "variation" | "reset" | "solo_variation" | "solo_low_variation" | "solo_high_variation" | "expand" | "zoomout" | "describe" | "blend" | "shorten" | "max_upscale" | "edit" | "video" | "animate" | "vary_region" | "video_upscale" | "extend" | "action" | "show";
            /** @description for an `action`: the kind of button that it presses, such as `upscale` or `custom_zoom` */
            button?: string;
            /** @enum {string} */
            status: "queued" | "submitted" | "running" | "succeeded" | "failed";
            progress: number;
            /** @description as you wrote it */
            prompt: string;
            index?: number;
            parent_trigger_id?: string;
            /** @description permanent link to the picture, see `GET /v1/images/{file}`; until the picture is stored, a link to Discord that is valid for about a day after the task was read */
            image_url?: string;
            /** @description type of the picture or video. Several videos come as one animated `image/webp` */
            media_type?: string;
            width?: number;
            height?: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            finished_at?: string;
        };
        Seed: {
            trigger_id: string;
            seed: number;
        };
        Released: {
            /** @description "success", or what happens instead */
            message: string;
            trigger_id: string;
            /** @enum {string} */
            status: "queued" | "submitted" | "running" | "succeeded" | "failed";
            /** @description whether the task has ended this way already */
            released: boolean;
        };
        Release: {
            trigger_id: string;
        };
        Cancelled: {
            /** @description "success", or what happens now */
            message: string;
            trigger_id: string;
            /** @enum {string} */
            status: "queued" | "submitted" | "running" | "succeeded" | "failed";
            /** @description whether the task has ended this way already */
            cancelled: boolean;
        };
        Cancel: {
            trigger_id: string;
        };
        Uploaded: {
            /** @enum {string} */
            message: "success";
            /** @description for `/describe`, `/message` and all other routes that take an upload */
            upload_filename: string;
            upload_url: string;
            trigger_id: string;
        };
        Posted: {
            /** @enum {string} */
            message: "success";
            /** @description expires after about a day */
            picurl: string;
        };
        Message: {
            /** @description the `upload_filename` that `/upload` answered */
            upload_filename: string;
        };
        Me: {
            user_name: string;
            token_total: number;
            /** @description tokens of open and of succeeded tasks */
            token_use: number;
            token_left: number;
        };
        Usage: {
            data: {
                /** @description YYYY-MM-DD or YYYY-MM */
                period: string;
                /** @description null: the user is deleted */
                user_name: string | null;
                /** @enum {string} */
                trigger_type: "generate" | "upscale" | "variation" | "reset" | "solo_variation" | "solo_low_variation" | "solo_high_variation" | "expand" | "zoomout" | "describe" | "blend" | "shorten" | "max_upscale" | "edit" | "video" | "animate" | "vary_region" | "video_upscale" | "extend" | "action" | "show";
                reserved: number;
                /** @description tokens of tasks that succeeded */
                spent: number;
                /** @description tokens of tasks that failed */
                returned: number;
            }[];
            total: {
                reserved: number;
                /** @description tokens of tasks that succeeded */
                spent: number;
                /** @description tokens of tasks that failed */
                returned: number;
            };
        };
        Audit: {
            data: {
                /** Format: date-time */
                at: string;
                actor: string;
                /** @enum {string} */
                action: "users.create" | "users.update-tokens" | "users.add-tokens" | "users.reset-usage" | "users.rotate-key" | "users.rotate-hook-secret" | "users.set-role" | "users.set-dialect" | "users.set-priority" | "users.disable" | "users.enable" | "users.delete" | "accounts.add" | "accounts.set" | "accounts.disable" | "accounts.enable" | "accounts.resume" | "accounts.settings" | "accounts.remove" | "accounts.reseal" | "tasks.release" | "tasks.cancel";
                target: string;
                detail: {
                    [key: string]: string | number | boolean | null;
                };
                /** @description of a change over HTTP */
                request_id?: string;
            }[];
            /** @description null on the last page */
            next_cursor: string | null;
        };
        Accounts: {
            data: components["schemas"]["Account"][];
        };
        Account: {
            name: string;
            guild_id: string | null;
            channel_id: string | null;
            /** @enum {string} */
            session: "bot" | "user";
            concurrency: number;
            /**
             * @description null: as the task asks, or as Midjourney is set
             * @enum {string|null}
             */
            speed: "fast" | "relax" | "turbo" | null;
            weight: number;
            enabled: boolean;
            /** @description the proxy for all of its traffic, without the password */
            proxy: string | null;
            /** @description the limits that keep it inconspicuous; null: not limited */
            pacing: {
                /** @description seconds between two sends */
                min_gap: number;
                per_hour: number | null;
                per_day: number | null;
                hours: string | null;
                /** @description how many at once, counted apart from pictures */
                videos: number | null;
                /** @enum {string|null} */
                when_fast_ends: "relax" | "stop" | null;
            };
            /** @description whether it draws again by itself after a block with an end */
            resume_after_block: boolean;
            /** @enum {string} */
            state: "connecting" | "ready" | "refused" | "verification_required" | "locked" | "disabled";
            /**
             * @description why it is refused, for programs
             * @enum {string|null}
             */
            cause: "captcha" | "human_check" | "blocked" | "moderation" | "subscription" | "terms" | "credentials" | "forbidden" | "listening" | "silent" | "unknown" | null;
            /** @description why it is refused, or draws nothing new now, for people */
            reason: string | null;
            /** @description what a person has to do */
            advice: string | null;
            /** @description when that ends, where it is known */
            until: string | null;
            /** @description where a person can answer Midjourney’s human check, for a short while */
            check_link: string | null;
            since: string;
            /** @description the worker that has it */
            driver: string | null;
            in_flight: number;
            drawn_today: number;
        };
        AccountCheck: {
            account: string;
            ok: boolean;
            findings: components["schemas"]["Finding"][];
        };
        Finding: {
            /** @enum {string} */
            check: "state" | "worker" | "user_token" | "bot_token" | "message_content" | "channel" | "reading" | "sending" | "slow_mode" | "commands" | "session" | "info" | "settings" | "clock";
            /**
             * @description `skipped`: it could not be checked, and the message says why
             * @enum {string}
             */
            status: "ok" | "skipped" | "warning" | "problem";
            message: string;
            /** @description what to do about it */
            todo: string | null;
        };
        AccountInfo: {
            account: string;
            subscription: string | null;
            /** @description Fast, Relaxed or Turbo: how it draws prompts that ask for no speed */
            mode: string | null;
            fast_hours_left: number | null;
            fast_hours_total: number | null;
            /** @description jobs that wait at Midjourney */
            queued: {
                fast: number | null;
                relax: number | null;
            };
            running: number | null;
            /** @description every line of the answer, in Midjourney's words */
            fields: {
                [key: string]: string;
            };
        };
        MidjourneySettings: {
            /** @description the model of prompts that name none, in the words of the menu */
            model: string | null;
            /** @description whether buttons open a form for another prompt */
            remix: boolean | null;
            /** @enum {string|null} */
            speed: "fast" | "relax" | "turbo" | null;
            /** @enum {string|null} */
            variability: "high" | "low" | null;
            stealth: boolean | null;
            raw: boolean | null;
            video_resolution: 480 | 720 | null;
        };
        ChangedSettings: {
            settings: components["schemas"]["MidjourneySettings"];
            applied: string[];
            refused: {
                setting: string;
                reason: string;
            }[];
        };
        WantedSettings: {
            model?: string;
            remix?: boolean;
            /** @enum {string} */
            speed?: "fast" | "relax" | "turbo";
            /** @enum {string} */
            variability?: "high" | "low";
            stealth?: boolean;
            raw?: boolean;
            video_resolution?: 480 | 720;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type TaskNotice = components['schemas']['TaskNotice'];
export type Task = components['schemas']['Task'];
export type Problem = components['schemas']['Problem'];
export type Accepted = components['schemas']['Accepted'];
export type Imagine = components['schemas']['Imagine'];
export type Blend = components['schemas']['Blend'];
export type BlendPictures = components['schemas']['BlendPictures'];
export type Edit = components['schemas']['Edit'];
export type Video = components['schemas']['Video'];
export type VaryRegion = components['schemas']['VaryRegion'];
export type VaryRegionMask = components['schemas']['VaryRegionMask'];
export type Action = components['schemas']['Action'];
export type AllAccepted = components['schemas']['AllAccepted'];
export type ImagineAll = components['schemas']['ImagineAll'];
export type Describe = components['schemas']['Describe'];
export type Shorten = components['schemas']['Shorten'];
export type Show = components['schemas']['Show'];
export type CheckedPrompt = components['schemas']['CheckedPrompt'];
export type PromptToCheck = components['schemas']['PromptToCheck'];
export type Tasks = components['schemas']['Tasks'];
export type Relatives = components['schemas']['Relatives'];
export type Relative = components['schemas']['Relative'];
export type Seed = components['schemas']['Seed'];
export type Released = components['schemas']['Released'];
export type Release = components['schemas']['Release'];
export type Cancelled = components['schemas']['Cancelled'];
export type Cancel = components['schemas']['Cancel'];
export type Uploaded = components['schemas']['Uploaded'];
export type Posted = components['schemas']['Posted'];
export type Message = components['schemas']['Message'];
export type Me = components['schemas']['Me'];
export type Usage = components['schemas']['Usage'];
export type Audit = components['schemas']['Audit'];
export type Accounts = components['schemas']['Accounts'];
export type Account = components['schemas']['Account'];
export type AccountCheck = components['schemas']['AccountCheck'];
export type Finding = components['schemas']['Finding'];
export type AccountInfo = components['schemas']['AccountInfo'];
export type MidjourneySettings = components['schemas']['MidjourneySettings'];
export type ChangedSettings = components['schemas']['ChangedSettings'];
export type WantedSettings = components['schemas']['WantedSettings'];
export type $defs = Record<string, never>;
export interface operations {
    imagine: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Imagine"];
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    blend: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Blend"];
                "multipart/form-data": components["schemas"]["BlendPictures"];
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    edit: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Edit"];
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    video: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Video"];
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upscale: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the task whose picture is continued */
                    trigger_id: string;
                    /** @description Discord's id of the picture's message; looked up when left out */
                    msg_id?: string | null;
                    /** @description the picture's hash; looked up when left out */
                    msg_hash?: string | null;
                    /**
                     * @description must be the speed that the button draws at: that of its picture, or else that of its account
                     * @enum {string|null}
                     */
                    speed?: "fast" | "relax" | "turbo" | null;
                    /** @description your own text, returned unchanged with the task */
                    state?: string | null;
                    /**
                     * Format: uri
                     * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
                     */
                    notify_hook?: string | null;
                    /**
                     * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
                     * @enum {string|null}
                     */
                    notify?: "all" | "final" | null;
                    /** @description which of the four: 1 and 2 are the upper ones, 3 and 4 the lower ones */
                    index: number;
                };
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    variation: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the task whose picture is continued */
                    trigger_id: string;
                    /** @description Discord's id of the picture's message; looked up when left out */
                    msg_id?: string | null;
                    /** @description the picture's hash; looked up when left out */
                    msg_hash?: string | null;
                    /**
                     * @description must be the speed that the button draws at: that of its picture, or else that of its account
                     * @enum {string|null}
                     */
                    speed?: "fast" | "relax" | "turbo" | null;
                    /** @description your own text, returned unchanged with the task */
                    state?: string | null;
                    /**
                     * Format: uri
                     * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
                     */
                    notify_hook?: string | null;
                    /**
                     * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
                     * @enum {string|null}
                     */
                    notify?: "all" | "final" | null;
                    /** @description which of the four: 1 and 2 are the upper ones, 3 and 4 the lower ones */
                    index: number;
                };
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reset: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the task whose picture is continued */
                    trigger_id: string;
                    /** @description Discord's id of the picture's message; looked up when left out */
                    msg_id?: string | null;
                    /** @description the picture's hash; looked up when left out */
                    msg_hash?: string | null;
                    /**
                     * @description must be the speed that the button draws at: that of its picture, or else that of its account
                     * @enum {string|null}
                     */
                    speed?: "fast" | "relax" | "turbo" | null;
                    /** @description your own text, returned unchanged with the task */
                    state?: string | null;
                    /**
                     * Format: uri
                     * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
                     */
                    notify_hook?: string | null;
                    /**
                     * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
                     * @enum {string|null}
                     */
                    notify?: "all" | "final" | null;
                };
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    soloVariation: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the task whose picture is continued */
                    trigger_id: string;
                    /** @description Discord's id of the picture's message; looked up when left out */
                    msg_id?: string | null;
                    /** @description the picture's hash; looked up when left out */
                    msg_hash?: string | null;
                    /**
                     * @description must be the speed that the button draws at: that of its picture, or else that of its account
                     * @enum {string|null}
                     */
                    speed?: "fast" | "relax" | "turbo" | null;
                    /** @description your own text, returned unchanged with the task */
                    state?: string | null;
                    /**
                     * Format: uri
                     * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
                     */
                    notify_hook?: string | null;
                    /**
                     * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
                     * @enum {string|null}
                     */
                    notify?: "all" | "final" | null;
                    /** @description ignored, as there is only one picture */
                    index?: unknown;
                };
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    soloLowVariation: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the task whose picture is continued */
                    trigger_id: string;
                    /** @description Discord's id of the picture's message; looked up when left out */
                    msg_id?: string | null;
                    /** @description the picture's hash; looked up when left out */
                    msg_hash?: string | null;
                    /**
                     * @description must be the speed that the button draws at: that of its picture, or else that of its account
                     * @enum {string|null}
                     */
                    speed?: "fast" | "relax" | "turbo" | null;
                    /** @description your own text, returned unchanged with the task */
                    state?: string | null;
                    /**
                     * Format: uri
                     * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
                     */
                    notify_hook?: string | null;
                    /**
                     * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
                     * @enum {string|null}
                     */
                    notify?: "all" | "final" | null;
                    /** @description ignored, as there is only one picture */
                    index?: unknown;
                };
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    soloHighVariation: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the task whose picture is continued */
                    trigger_id: string;
                    /** @description Discord's id of the picture's message; looked up when left out */
                    msg_id?: string | null;
                    /** @description the picture's hash; looked up when left out */
                    msg_hash?: string | null;
                    /**
                     * @description must be the speed that the button draws at: that of its picture, or else that of its account
                     * @enum {string|null}
                     */
                    speed?: "fast" | "relax" | "turbo" | null;
                    /** @description your own text, returned unchanged with the task */
                    state?: string | null;
                    /**
                     * Format: uri
                     * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
                     */
                    notify_hook?: string | null;
                    /**
                     * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
                     * @enum {string|null}
                     */
                    notify?: "all" | "final" | null;
                    /** @description ignored, as there is only one picture */
                    index?: unknown;
                };
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    expand: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the task whose picture is continued */
                    trigger_id: string;
                    /** @description Discord's id of the picture's message; looked up when left out */
                    msg_id?: string | null;
                    /** @description the picture's hash; looked up when left out */
                    msg_hash?: string | null;
                    /**
                     * @description must be the speed that the button draws at: that of its picture, or else that of its account
                     * @enum {string|null}
                     */
                    speed?: "fast" | "relax" | "turbo" | null;
                    /** @description your own text, returned unchanged with the task */
                    state?: string | null;
                    /**
                     * Format: uri
                     * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
                     */
                    notify_hook?: string | null;
                    /**
                     * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
                     * @enum {string|null}
                     */
                    notify?: "all" | "final" | null;
                    /** @enum {string} */
                    direction: "left" | "right" | "up" | "down";
                };
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    zoomout: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the task whose picture is continued */
                    trigger_id: string;
                    /** @description Discord's id of the picture's message; looked up when left out */
                    msg_id?: string | null;
                    /** @description the picture's hash; looked up when left out */
                    msg_hash?: string | null;
                    /**
                     * @description must be the speed that the button draws at: that of its picture, or else that of its account
                     * @enum {string|null}
                     */
                    speed?: "fast" | "relax" | "turbo" | null;
                    /** @description your own text, returned unchanged with the task */
                    state?: string | null;
                    /**
                     * Format: uri
                     * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
                     */
                    notify_hook?: string | null;
                    /**
                     * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
                     * @enum {string|null}
                     */
                    notify?: "all" | "final" | null;
                    /**
                     * @description 50 zooms out 2x, 75 zooms out 1.5x
                     * @enum {integer}
                     */
                    zoomout: 50 | 75;
                };
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    varyRegion: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["VaryRegion"];
                "multipart/form-data": components["schemas"]["VaryRegionMask"];
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    maxUpscale: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the task whose picture is continued */
                    trigger_id: string;
                    /** @description Discord's id of the picture's message; looked up when left out */
                    msg_id?: string | null;
                    /** @description the picture's hash; looked up when left out */
                    msg_hash?: string | null;
                    /**
                     * @description must be the speed that the button draws at: that of its picture, or else that of its account
                     * @enum {string|null}
                     */
                    speed?: "fast" | "relax" | "turbo" | null;
                    /** @description your own text, returned unchanged with the task */
                    state?: string | null;
                    /**
                     * Format: uri
                     * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
                     */
                    notify_hook?: string | null;
                    /**
                     * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
                     * @enum {string|null}
                     */
                    notify?: "all" | "final" | null;
                    /**
                     * @description the upscaler; version 5 has 2x and 4x instead, older versions a single one
                     * @enum {string}
                     */
                    style: "subtle" | "creative";
                };
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    animate: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the task whose picture is continued */
                    trigger_id: string;
                    /** @description Discord's id of the picture's message; looked up when left out */
                    msg_id?: string | null;
                    /** @description the picture's hash; looked up when left out */
                    msg_hash?: string | null;
                    /**
                     * @description must be the speed that the button draws at: that of its picture, or else that of its account
                     * @enum {string|null}
                     */
                    speed?: "fast" | "relax" | "turbo" | null;
                    /** @description your own text, returned unchanged with the task */
                    state?: string | null;
                    /**
                     * Format: uri
                     * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
                     */
                    notify_hook?: string | null;
                    /**
                     * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
                     * @enum {string|null}
                     */
                    notify?: "all" | "final" | null;
                    /**
                     * @description how much moves in the video
                     * @enum {string}
                     */
                    motion: "high" | "low";
                    /** @description another prompt, for the form that Midjourney opens in remix mode; needs an account with a user session */
                    prompt?: string | null;
                };
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    videoUpscale: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the task whose picture is continued */
                    trigger_id: string;
                    /** @description Discord's id of the picture's message; looked up when left out */
                    msg_id?: string | null;
                    /** @description the picture's hash; looked up when left out */
                    msg_hash?: string | null;
                    /**
                     * @description must be the speed that the button draws at: that of its picture, or else that of its account
                     * @enum {string|null}
                     */
                    speed?: "fast" | "relax" | "turbo" | null;
                    /** @description your own text, returned unchanged with the task */
                    state?: string | null;
                    /**
                     * Format: uri
                     * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
                     */
                    notify_hook?: string | null;
                    /**
                     * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
                     * @enum {string|null}
                     */
                    notify?: "all" | "final" | null;
                    /** @description which of the four: 1 and 2 are the upper ones, 3 and 4 the lower ones */
                    index: number;
                };
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    extend: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the task whose picture is continued */
                    trigger_id: string;
                    /** @description Discord's id of the picture's message; looked up when left out */
                    msg_id?: string | null;
                    /** @description the picture's hash; looked up when left out */
                    msg_hash?: string | null;
                    /**
                     * @description must be the speed that the button draws at: that of its picture, or else that of its account
                     * @enum {string|null}
                     */
                    speed?: "fast" | "relax" | "turbo" | null;
                    /** @description your own text, returned unchanged with the task */
                    state?: string | null;
                    /**
                     * Format: uri
                     * @description https URL to which every change of the task is posted, in order; the webhook `task` describes the body. Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.
                     */
                    notify_hook?: string | null;
                    /**
                     * @description which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it
                     * @enum {string|null}
                     */
                    notify?: "all" | "final" | null;
                    /**
                     * @description how much moves in the video
                     * @enum {string}
                     */
                    motion: "high" | "low";
                    /** @description another prompt, for the form that Midjourney opens in remix mode; needs an account with a user session */
                    prompt?: string | null;
                };
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    action: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Action"];
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    imagineAll: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImagineAll"];
            };
        };
        responses: {
            /** @description Accepted: follow each task by its id */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AllAccepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    describe: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Describe"];
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    shorten: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Shorten"];
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Show"];
            };
        };
        responses: {
            /** @description Accepted; follow the task at the address in `Location` */
            200: {
                headers: {
                    /** @description the address of the task */
                    Location?: string;
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkPrompt: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromptToCheck"];
            };
        };
        responses: {
            /** @description What is wrong with it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckedPrompt"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTask: {
        parameters: {
            query?: {
                /** @description seconds to wait for a change */
                wait?: number;
            };
            header?: {
                /** @description ETag of an earlier answer */
                "if-none-match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task; its `ETag` differs after each change */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Not changed since the entity tag in `If-None-Match` */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTasks: {
        parameters: {
            query?: {
                status?: "queued" | "submitted" | "running" | "succeeded" | "failed";
                trigger_type?: "generate" | "upscale" | "variation" | "reset" | "solo_variation" | "solo_low_variation" | "solo_high_variation" | "expand" | "zoomout" | "describe" | "blend" | "shorten" | "max_upscale" | "edit" | "video" | "animate" | "vary_region" | "video_upscale" | "extend" | "action" | "show";
                /** @description the bot whose command or button it is */
                bot?: "midjourney" | "niji";
                /** @description of tasks of `/action`: the kind of button that was pressed */
                button?: string;
                /** @description Discord's id of the message with its picture */
                msg_id?: string;
                /** @description Midjourney’s id of its job */
                hash?: string;
                /** @description a link to its picture, ours or Discord’s, or the name of its file */
                image?: string;
                /** @description operators: the name of a user */
                user?: string;
                /** @description operators: the account that draws them */
                account?: string;
                /** @description operators: why they failed */
                fail_code?: "rejected" | "invalid_parameter" | "banned" | "moderated" | "stopped" | "timeout" | "not_started" | "released" | "cancelled" | "account_unavailable" | "verification_required" | "internal";
                /** @description operators: a part of the prompt; or the id of a task, a request or a message */
                q?: string;
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tasks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tasks"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRelatives: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its relatives, all of the same owner */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Relatives"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSeed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The seed, for `--seed` in a prompt */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Seed"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamTaskEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description id of the last event that you have */
                "last-event-id"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events, until the task has ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description You have the final event already */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    releaseTask: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Release"];
            };
        };
        responses: {
            /** @description What became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Released"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelTask: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Cancel"];
            };
        };
        responses: {
            /** @description What became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cancelled"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    claimTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task, which has succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upload: {
        parameters: {
            query?: never;
            header?: {
                /** @description your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is answered with the first task and costs nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: Blob;
                    /**
                     * @description the speed of the `/describe` or `/blend` that it is for: chooses an account that is set to it, or else one that is set to no speed
                     * @enum {string|null}
                     */
                    speed?: "fast" | "relax" | "turbo" | null;
                };
            };
        };
        responses: {
            /** @description Discord has the picture */
            200: {
                headers: {
                    /** @description present when this repeats the answer to an earlier request with the same Idempotency-Key */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Uploaded"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postMessage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        responses: {
            /** @description The link */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Posted"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUsage: {
        parameters: {
            query?: {
                /** @description the first day; the first of this month when left out */
                from?: string;
                /** @description the last day; today when left out */
                to?: string;
                by?: "day" | "month";
                /** @description operators: the name of a user */
                user?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One row for each period, user and kind of task in which a token moved, and their sum */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description `shell:` and a name, or the name of a user */
                actor?: string;
                /** @description a user, an account or the id of a task */
                target?: string;
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of changes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Audit"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAccounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every account, never its tokens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accounts"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The findings, with what to do; `ok` is true when none of them is a problem */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountCheck"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAccountInfo: {
        parameters: {
            query?: {
                /** @description its name; may be left out while there is only one */
                account?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What Midjourney says about the account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountInfo"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAccountSettings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it is set now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MidjourneySettings"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeAccountSettings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedSettings"];
            };
        };
        responses: {
            /** @description What came of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedSettings"];
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPreview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What Midjourney shows of it so far */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": Blob;
                    "image/webp": Blob;
                    "image/jpeg": Blob;
                    "image/gif": Blob;
                    "video/mp4": Blob;
                    "video/webm": Blob;
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getImage: {
        parameters: {
            query?: {
                /** @description of a grid: 1 to 4, left to right, top to bottom */
                part?: number;
                /** @description width in pixels; the next larger of a few fixed widths is sent, never more than the picture has */
                w?: number;
                /** @description of a video: its still picture, as in `poster_url` */
                poster?: "1";
            };
            header?: {
                range?: string;
                "if-range"?: string;
                "if-none-match"?: string;
            };
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture, or the video */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": Blob;
                    "image/webp": Blob;
                    "image/jpeg": Blob;
                    "image/gif": Blob;
                    "video/mp4": Blob;
                    "video/webm": Blob;
                };
            };
            /** @description The part of it that `Range` asks for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Both can */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                        checks: {
                            /** @enum {string} */
                            mysql: "ok" | "down";
                            /** @enum {string} */
                            redis: "ok" | "down";
                        };
                        /** @description what an operator should put right soon */
                        warnings?: string[];
                        /** @description since this process started, where there are any */
                        log_lines_lost?: number;
                    };
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the text format of Prometheus */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description It could not be done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
