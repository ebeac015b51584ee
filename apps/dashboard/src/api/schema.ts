// Made by “npm run api-types” from the server's OpenAPI description.
export interface paths {
    "/api/artifacts/{digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of an artifact */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    digest: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": unknown;
                    };
                };
                /** @description Default Response */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who changed what, the newest first */
        get: {
            parameters: {
                query?: {
                    before?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: date-time */
                                at: string;
                                by: string;
                                id: string;
                                subject: string;
                                what: string;
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What came in, the newest first: verified or not, how often, and what became of it */
        get: {
            parameters: {
                query?: {
                    before?: string;
                    limit?: number;
                    source?: string;
                    state?: "accepted" | "reported" | "ignored" | "shed" | "failed" | "refused";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                bytes: number;
                                deliveryId: string;
                                duplicates: number;
                                id: string;
                                key: string;
                                reason?: string;
                                /** Format: date-time */
                                receivedAt: string;
                                reports: string[];
                                source: string;
                                /** @enum {string} */
                                state: "accepted" | "reported" | "ignored" | "shed" | "failed" | "refused";
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{delivery}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One delivery, and what became of it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    delivery: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            bytes: number;
                            deliveryId: string;
                            duplicates: number;
                            id: string;
                            key: string;
                            reason?: string;
                            /** Format: date-time */
                            receivedAt: string;
                            reports: string[];
                            source: string;
                            /** @enum {string} */
                            state: "accepted" | "reported" | "ignored" | "shed" | "failed" | "refused";
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{delivery}/headers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The headers it came with; its body is for the worker alone */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    delivery: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            bytes: number;
                            headers: {
                                [key: string]: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{delivery}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look at it once more, as if it had just come */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    delivery: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            state: "accepted" | "reported" | "ignored" | "shed" | "failed" | "refused";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/doctor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether this machine can run Fixpoint, and what to do where it cannot */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            findings: {
                                detail: string;
                                name: string;
                                ok: boolean;
                                remedy?: string;
                            }[];
                            sample: boolean;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Each run that changes, as server-sent events: `run` with the run as the list shows it; `stale` when any may have changed */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ingest-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Keys by which alert sources deliver, without their secrets */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: date-time */
                                createdAt: string;
                                id: string;
                                /** Format: date-time */
                                lastUsedAt?: string;
                                name: string;
                                repository?: string;
                                /** Format: date-time */
                                revokedAt?: string;
                                service?: string;
                                signed: boolean;
                                source: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        /** Issue a key for one source; its address is told this once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        repository?: string;
                        service?: string;
                        signingSecret?: string;
                        source: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            key: {
                                /** Format: date-time */
                                createdAt: string;
                                id: string;
                                /** Format: date-time */
                                lastUsedAt?: string;
                                name: string;
                                repository?: string;
                                /** Format: date-time */
                                revokedAt?: string;
                                service?: string;
                                signed: boolean;
                                source: string;
                            };
                            path: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ingest-keys/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a key */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ingest-keys/{key}/signing-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** The secret that the source signs with, once it has made one up; null for none */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    key: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        signingSecret: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/insights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far runs came, what people did with their proposals, what it cost and how long it took; the last seven days by default */
        get: {
            parameters: {
                query?: {
                    repository?: string;
                    since?: string;
                    until?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            byDrafter: {
                                declined: number;
                                merged: number;
                                money: number;
                                name: string;
                                proposed: number;
                                runs: number;
                                tokens: number;
                            }[];
                            byModel: {
                                declined: number;
                                merged: number;
                                money: number;
                                name: string;
                                proposed: number;
                                runs: number;
                                tokens: number;
                            }[];
                            byRepository: {
                                declined: number;
                                merged: number;
                                money: number;
                                name: string;
                                proposed: number;
                                runs: number;
                                tokens: number;
                            }[];
                            decided: {
                                declined: number;
                                delivered: number;
                                merged: number;
                                waiting: number;
                            };
                            failures: {
                                reason: string;
                                runs: number;
                            }[];
                            funnel: {
                                merged: number;
                                patched: number;
                                proposed: number;
                                reports: number;
                                reproduced: number;
                                runs: number;
                                surviving: number;
                                verified: number;
                            };
                            perMerged?: {
                                medianMinutes: number;
                                money: number;
                                tokens: number;
                            };
                            retention: {
                                days: 7 | 30 | 90;
                                measured: number;
                                share: number;
                            }[];
                            /** Format: date-time */
                            since: string;
                            steps: {
                                beforeMs?: number;
                                medianMs: number;
                                slower: boolean;
                                slowestTenthMs: number;
                                step: string;
                                times: number;
                            }[];
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/login-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Issue a link that opens the dashboard once, within 15 minutes; it is told this once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        scopes: ("read" | "decide" | "admin")[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            expiresAt: string;
                            path: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The lanes that are set up, in the order in which they are asked */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description who answers questions about runs, and what one may take; missing when no model is set up */
                            answers?: {
                                atMost: {
                                    money?: number;
                                    tokens?: number;
                                };
                                model: string;
                            };
                            hint?: string;
                            items: {
                                attempts?: number;
                                contextTokens?: number;
                                key?: {
                                    from: string;
                                    set: boolean;
                                };
                                model?: string;
                                name: string;
                                price?: {
                                    input: number;
                                    output: number;
                                };
                                /** @description it reads the patches of others */
                                reads: boolean;
                                share: number;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/{lane}/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the model of a lane two tiny questions, and tell what came of it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    lane: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            contextTokens: number;
                            failure?: {
                                code: string;
                                hint: string;
                                message: string;
                            };
                            firstMs?: number;
                            model: string;
                            money?: number;
                            servedBy?: string;
                            tokens: number;
                            /** @enum {string} */
                            tools?: "called" | "malformed" | "ignored";
                            wholeMs?: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/numbers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reports by state, settled runs by outcome, what became of the fixes, and what people said to proposals */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            decisions: {
                                approved: number;
                                changesRequested: number;
                                rejected: number;
                            };
                            fixes: {
                                confirmed: number;
                                landed: number;
                                proposed: number;
                                reopened: number;
                            };
                            reports: {
                                [key: string]: number;
                            };
                            runs: {
                                [key: string]: number;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/observed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What would have been proposed under `observe`, and what people did about the same lines; the last seven days by default */
        get: {
            parameters: {
                query?: {
                    since?: string;
                    until?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            counts: {
                                identical: number;
                                sameFiles: number;
                                sameLines: number;
                                seenAgain: number;
                                unknown: number;
                                untouched: number;
                                withheld: number;
                            };
                            proposals: {
                                /** Format: date-time */
                                at: string;
                                commits: {
                                    /** Format: date-time */
                                    at: string;
                                    commit: string;
                                    subject: string;
                                }[];
                                files: string[];
                                /** @enum {string} */
                                people: "identical" | "same-lines" | "same-files" | "untouched" | "unknown";
                                proposal: string;
                                report?: string;
                                repository?: string;
                                run: string;
                                seenAgain: number;
                                /** @enum {string} */
                                strength?: "verified" | "implicit" | "choice" | "suggestion";
                                title?: string;
                            }[];
                            /** Format: date-time */
                            since: string;
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/outbound": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What others were told, or are to be told, the newest first */
        get: {
            parameters: {
                query?: {
                    before?: string;
                    limit?: number;
                    state?: "waiting" | "sent" | "failed";
                    subscriber?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: date-time */
                                at: string;
                                attempts: number;
                                id: string;
                                /** Format: date-time */
                                nextAt?: string;
                                reason?: string;
                                report?: string;
                                repository?: string;
                                run?: string;
                                /** @enum {string} */
                                state: "waiting" | "sent" | "failed";
                                subscriber: string;
                                /** @enum {string} */
                                topic: "run.started" | "run.reproduced" | "patch.judged" | "proposal.ready" | "proposal.published" | "changes.requested" | "attempt.failed" | "run.parked" | "run.settled" | "observe.weekly";
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/outbound/{message}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send it once more, under the same id */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    message: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            state: "waiting" | "sent" | "failed";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Proposals that wait for a person: the riskiest first and of those the oldest, or the newest run first */
        get: {
            parameters: {
                query?: {
                    before?: string;
                    limit?: number;
                    repository?: string;
                    /** @description but for `newest`, of the 2000 newest */
                    sort?: "newest" | "risk" | "age";
                    source?: string;
                    strength?: "verified" | "implicit" | "choice" | "suggestion";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                awaiting: boolean;
                                drafter?: string;
                                /** @default [] */
                                files: {
                                    added: number;
                                    path: string;
                                    removed: number;
                                }[];
                                /** @default [] */
                                gates: {
                                    /** @enum {string} */
                                    gate: "applies" | "integrity" | "reproduction" | "regression" | "static" | "necessity" | "behaviour";
                                    /** @enum {string} */
                                    status: "passed" | "failed" | "not-applicable";
                                }[];
                                /** Format: date-time */
                                openedAt: string;
                                proposal: string;
                                report?: string;
                                repository?: string;
                                /** @default [] */
                                risks: {
                                    kind: string;
                                    weight: number;
                                    words: string;
                                }[];
                                run: string;
                                source?: string;
                                spent: {
                                    money: number;
                                    tokens: number;
                                };
                                /** @enum {string} */
                                strength?: "verified" | "implicit" | "choice" | "suggestion";
                                title?: string;
                                /** Format: date-time */
                                updatedAt: string;
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals/{run}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A proposal with its patch, its certificate and what each gate said */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            awaiting: boolean;
                            base: string;
                            body: string;
                            branch: string;
                            certificate: string;
                            drafter: string;
                            files: {
                                added: number;
                                path: string;
                                removed: number;
                            }[];
                            gates: {
                                commands: {
                                    argv: string[];
                                    durationMs: number;
                                    exitCode: number | null;
                                    /** @enum {string} */
                                    on?: "base" | "patch";
                                    outputDigest: string;
                                }[];
                                /** @default [] */
                                differences: {
                                    after: string;
                                    before: string;
                                    call: string;
                                    expected: boolean;
                                }[];
                                findings: string[];
                                /** @enum {string} */
                                gate: "applies" | "integrity" | "reproduction" | "regression" | "static" | "necessity" | "behaviour";
                                /** @enum {string} */
                                status: "passed" | "failed" | "not-applicable";
                                summary: string;
                            }[];
                            /** Format: date-time */
                            openedAt: string;
                            patch: string;
                            proposal: string;
                            pull?: {
                                number: number;
                                url?: string;
                            };
                            question?: string;
                            report?: string;
                            repository?: string;
                            risks: {
                                kind: string;
                                weight: number;
                                words: string;
                            }[];
                            run: string;
                            source?: string;
                            spent: {
                                money: number;
                                tokens: number;
                            };
                            /** @enum {string} */
                            strength: "verified" | "implicit" | "choice" | "suggestion";
                            title: string;
                            /** Format: date-time */
                            updatedAt: string;
                            verdict: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals/{run}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publish it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    run: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        proposal: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals/{run}/edits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a person can edit of the patch: the changed files as the patch leaves them */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            files: {
                                content: string | null;
                                path: string;
                            }[];
                            patch: string;
                            proposal: string;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Have the patch judged as you made it, a unified diff against the base. The proposal stands until yours passed every gate */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    run: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        diff: string;
                        proposal: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals/{run}/pull": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The pull request of a proposal and its checks, as the code host has them */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            checks: {
                                name: string;
                                /** @enum {string} */
                                state: "pending" | "passed" | "failed" | "skipped";
                                url?: string;
                            }[];
                            draft: boolean;
                            number: number;
                            /** @enum {string} */
                            state: "open" | "merged" | "closed";
                            url: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals/{run}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the run without a patch */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    run: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        proposal: string;
                        words: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals/{run}/request-changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Draft another one with these words in mind */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    run: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        proposal: string;
                        words: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reports, the one seen last first */
        get: {
            parameters: {
                query?: {
                    before?: string;
                    limit?: number;
                    repository?: string;
                    state?: "new" | "needs-trace" | "held" | "running" | "settled" | "reopened" | "confirmed" | "muted";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                commit?: string;
                                environment?: string;
                                /** Format: date-time */
                                firstSeen: string;
                                fix?: {
                                    /** Format: date-time */
                                    at: string;
                                    commit: string;
                                    /** Format: date-time */
                                    landedAt?: string;
                                };
                                groupKey: string;
                                id: string;
                                /** Format: date-time */
                                lastSeen: string;
                                missing: string[];
                                reason?: string;
                                release?: string;
                                report: string;
                                repository?: string;
                                runs: string[];
                                service?: string;
                                /** @enum {string} */
                                severity: "info" | "warning" | "error" | "fatal";
                                sightings: number;
                                source: string;
                                /** @enum {string} */
                                state: "new" | "needs-trace" | "held" | "running" | "settled" | "reopened" | "confirmed" | "muted";
                                title: string;
                                url?: string;
                                wantedBy?: string;
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/{report}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One report */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    report: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            commit?: string;
                            environment?: string;
                            /** Format: date-time */
                            firstSeen: string;
                            fix?: {
                                /** Format: date-time */
                                at: string;
                                commit: string;
                                /** Format: date-time */
                                landedAt?: string;
                            };
                            groupKey: string;
                            id: string;
                            /** Format: date-time */
                            lastSeen: string;
                            missing: string[];
                            reason?: string;
                            release?: string;
                            report: string;
                            repository?: string;
                            runs: string[];
                            service?: string;
                            /** @enum {string} */
                            severity: "info" | "warning" | "error" | "fatal";
                            sightings: number;
                            source: string;
                            /** @enum {string} */
                            state: "new" | "needs-trace" | "held" | "running" | "settled" | "reopened" | "confirmed" | "muted";
                            title: string;
                            url?: string;
                            wantedBy?: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/{report}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its last moves, the newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    report: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: date-time */
                                at: string;
                                /** @enum {string} */
                                from: "new" | "needs-trace" | "held" | "running" | "settled" | "reopened" | "confirmed" | "muted";
                                reason?: string;
                                run?: string;
                                /** @enum {string} */
                                to: "new" | "needs-trace" | "held" | "running" | "settled" | "reopened" | "confirmed" | "muted";
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/{report}/mute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Count further sightings and start nothing */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    report: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            state: "new" | "needs-trace" | "held" | "running" | "settled" | "reopened" | "confirmed" | "muted";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/{report}/run-now": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Work on it now, whatever the gates say */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    report: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            state: "new" | "needs-trace" | "held" | "running" | "settled" | "reopened" | "confirmed" | "muted";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/{report}/sightings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How often it was seen on each of the last 30 days, in UTC, as far as single sightings are kept */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    report: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: date */
                                day: string;
                                sightings: number;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/repositories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Repositories that runs may be opened on, with the settings in effect */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** @enum {string} */
                                autonomy?: "observe" | "propose" | "draft-pr" | "pr";
                                /** @enum {string} */
                                kind: "folder" | "hosted";
                                name: string;
                                paused: {
                                    by?: string;
                                    reason?: string;
                                    /** Format: date-time */
                                    since?: string;
                                    stopped: boolean;
                                };
                                problem?: string;
                                settings?: {
                                    [key: string]: unknown;
                                };
                                url?: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/repositories/{repository}/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Search the code of a repository on its default branch: text as it is written, or what defines or uses a name */
        get: {
            parameters: {
                query: {
                    kind?: "text" | "definitions" | "references";
                    limit?: number;
                    text: string;
                };
                header?: never;
                path: {
                    repository: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            commit: string;
                            more: boolean;
                            places: {
                                /** @description first and last */
                                lines: number[];
                                path: string;
                                text: string;
                                url?: string;
                                /** @description the function around it */
                                within?: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/repositories/{repository}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Begin no runs on a repository, or go on */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    repository: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason?: string;
                        stopped: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            by?: string;
                            reason?: string;
                            /** Format: date-time */
                            since?: string;
                            stopped: boolean;
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/repositories/{repository}/project": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How its tests are run, as the default branch says */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    repository: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            commit: string;
                            detected?: {
                                because: string[];
                                builds: string[];
                                checks: string[];
                                command: string;
                                installs: string[];
                                runner: string;
                                testFiles: number;
                                toolchain: string;
                            };
                            /** @description why it cannot be told, and what to do */
                            unsupported?: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs, the newest first */
        get: {
            parameters: {
                query?: {
                    awaiting?: "true" | "false";
                    before?: string;
                    limit?: number;
                    outcome?: "merged" | "declined" | "delivered" | "abandoned" | "cancelled";
                    phase?: "unopened" | "opened" | "reproduced" | "informed" | "drafted" | "minimised" | "judged" | "proposing" | "proposed" | "stuck" | "settled";
                    repository?: string;
                    source?: string;
                    /** @description in the title of its report */
                    text?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                awaiting: boolean;
                                entries: number;
                                id: string;
                                /** Format: date-time */
                                openedAt: string;
                                /** @enum {string} */
                                outcome?: "merged" | "declined" | "delivered" | "abandoned" | "cancelled";
                                owner?: {
                                    id: string;
                                    repository?: string;
                                    source: string;
                                    title: string;
                                    url?: string;
                                };
                                parked?: {
                                    /** Format: date-time */
                                    at: string;
                                    deaths: number;
                                    reason: string;
                                    throws: number;
                                };
                                /** @enum {string} */
                                phase: "unopened" | "opened" | "reproduced" | "informed" | "drafted" | "minimised" | "judged" | "proposing" | "proposed" | "stuck" | "settled";
                                proposal?: string;
                                report: string;
                                spent: {
                                    money: number;
                                    tokens: number;
                                };
                                /** Format: date-time */
                                updatedAt: string;
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{run}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One run */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            awaiting: boolean;
                            entries: number;
                            id: string;
                            /** Format: date-time */
                            openedAt: string;
                            /** @enum {string} */
                            outcome?: "merged" | "declined" | "delivered" | "abandoned" | "cancelled";
                            owner?: {
                                id: string;
                                repository?: string;
                                source: string;
                                title: string;
                                url?: string;
                            };
                            parked?: {
                                /** Format: date-time */
                                at: string;
                                deaths: number;
                                reason: string;
                                throws: number;
                            };
                            /** @enum {string} */
                            phase: "unopened" | "opened" | "reproduced" | "informed" | "drafted" | "minimised" | "judged" | "proposing" | "proposed" | "stuck" | "settled";
                            proposal?: string;
                            report: string;
                            spent: {
                                money: number;
                                tokens: number;
                            };
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{run}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End it where it stands */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{run}/details": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that a run has to tell: its steps, each attempt and its gates, why each excerpt was chosen, what was asked and said */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            attempts: {
                                /** Format: date-time */
                                at: string;
                                diff?: string;
                                drafter?: string;
                                gates?: {
                                    commands: {
                                        argv: string[];
                                        durationMs: number;
                                        exitCode: number | null;
                                        /** @enum {string} */
                                        on?: "base" | "patch";
                                        outputDigest: string;
                                    }[];
                                    /** @default [] */
                                    differences: {
                                        after: string;
                                        before: string;
                                        call: string;
                                        expected: boolean;
                                    }[];
                                    findings: string[];
                                    /** @enum {string} */
                                    gate: "applies" | "integrity" | "reproduction" | "regression" | "static" | "necessity" | "behaviour";
                                    /** @enum {string} */
                                    status: "passed" | "failed" | "not-applicable";
                                    summary: string;
                                }[];
                                judgement: string;
                                kind?: string;
                                lesson?: string;
                                number: number;
                                review?: {
                                    approved: boolean;
                                    lane: string;
                                    why?: string;
                                };
                                summary?: string;
                                symptomOnly?: boolean;
                                /** @enum {string} */
                                verdict: "fixed" | "still-broken" | "regressed" | "unappliable" | "tampered" | "contested" | "inconclusive" | "contradicting";
                            }[];
                            base?: string;
                            diagnosis?: {
                                bestRejected?: {
                                    diff: string;
                                    /** @enum {string} */
                                    gate: "applies" | "integrity" | "reproduction" | "regression" | "static" | "necessity" | "behaviour" | "review";
                                    why: string;
                                };
                                explanation?: {
                                    evidence: {
                                        lines: [
                                            number,
                                            number
                                        ];
                                        path: string;
                                        why: string;
                                    }[];
                                    model: string;
                                    text: string;
                                };
                                missingFact: string;
                                nextCommand: string;
                                /** @enum {string} */
                                reason: "not-reproduced" | "no-patch" | "needs-a-person" | "refused-by-policy" | "budget-exhausted" | "time-exhausted" | "model-unavailable" | "environment" | "overtaken";
                                summary: string;
                                suspects: {
                                    function?: string;
                                    hotLine?: number;
                                    lines: [
                                        number,
                                        number
                                    ];
                                    path: string;
                                    score: number;
                                    why: {
                                        evidence: string;
                                        lane: string;
                                        weight: number;
                                    }[];
                                }[];
                                tried: string[];
                            };
                            dossier?: {
                                excerpts: {
                                    lines: [
                                        number,
                                        number
                                    ];
                                    path: string;
                                    /** @enum {string} */
                                    role: "edit" | "callee" | "test" | "example" | "caller" | "map";
                                    text: string;
                                    why: {
                                        evidence: string;
                                        lane: string;
                                        weight: number;
                                    }[];
                                }[];
                                excluded: {
                                    files: number;
                                    rule: string;
                                }[];
                                history: {
                                    commit: string;
                                    subject: string;
                                }[];
                                relatedTests: {
                                    path: string;
                                    why: {
                                        evidence: string;
                                        lane: string;
                                        weight: number;
                                    }[];
                                }[];
                                suspects: {
                                    function?: string;
                                    hotLine?: number;
                                    lines: [
                                        number,
                                        number
                                    ];
                                    path: string;
                                    score: number;
                                    why: {
                                        evidence: string;
                                        lane: string;
                                        weight: number;
                                    }[];
                                }[];
                                tokens: number;
                            };
                            exchanges: {
                                /** Format: date-time */
                                at: string;
                                conversation: string;
                                exchange: string;
                                lane: string;
                                model: string;
                                money: number;
                                seq: number;
                                usage: {
                                    cachedTokens: number;
                                    cacheWriteTokens: number;
                                    inputTokens: number;
                                    outputTokens: number;
                                };
                            }[];
                            failures: {
                                /** Format: date-time */
                                at: string;
                                code: string;
                                hint?: string;
                                message?: string;
                                seq: number;
                                step: string;
                            }[];
                            policy?: {
                                approval: string;
                                /** @enum {string} */
                                autonomy: "observe" | "propose" | "draft-pr" | "pr";
                                budget: {
                                    /** @default 8 */
                                    attempts: number;
                                    /** @default 600 */
                                    candidates: number;
                                    /** @default 15 */
                                    minutes: number;
                                    /** @default 0 */
                                    money: number;
                                    /** @default 0 */
                                    tokens: number;
                                };
                                critic?: string;
                                lanes: {
                                    attempts?: number;
                                    model?: string;
                                    name: string;
                                    /** @default 1 */
                                    share: number;
                                }[];
                            };
                            pull?: {
                                number: number;
                                url?: string;
                            };
                            report?: {
                                origin: string;
                                text: string;
                                title: string;
                            };
                            spent: {
                                elapsedMs: number;
                                exchanges: number;
                                money: number;
                                tokens: number;
                            };
                            steps: {
                                /** Format: date-time */
                                endedAt?: string;
                                facts: number[];
                                failed: boolean;
                                /** Format: date-time */
                                startedAt: string;
                                step: string;
                            }[];
                            words: {
                                /** Format: date-time */
                                at: string;
                                by: string;
                                /** @enum {string} */
                                kind: "steer" | "request-changes" | "edit" | "reject" | "approve";
                                words?: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{run}/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The facts of a run, the oldest first */
        get: {
            parameters: {
                query?: {
                    from?: number;
                    limit?: number;
                };
                header?: never;
                path: {
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: date-time */
                                at: string;
                                event: {
                                    base: string;
                                    /** @enum {string} */
                                    kind: "run-opened";
                                    policy: {
                                        /**
                                         * @default none
                                         * @enum {string}
                                         */
                                        approval: "none" | "person";
                                        /**
                                         * @default propose
                                         * @enum {string}
                                         */
                                        autonomy: "observe" | "propose" | "draft-pr" | "pr";
                                        budget: {
                                            /** @default 8 */
                                            attempts: number;
                                            /** @default 600 */
                                            candidates: number;
                                            /** @default 15 */
                                            minutes: number;
                                            /** @default 0 */
                                            money: number;
                                            /** @default 0 */
                                            tokens: number;
                                        };
                                        critic?: string;
                                        /**
                                         * @default [
                                         *       {
                                         *         "name": "patterns",
                                         *         "share": 1
                                         *       }
                                         *     ]
                                         */
                                        lanes: {
                                            attempts?: number;
                                            model?: string;
                                            name: string;
                                            /** @default 1 */
                                            share: number;
                                        }[];
                                        /** @default 200 */
                                        maximumChangedLines: number;
                                        /** @default [] */
                                        protectedPaths: string[];
                                        /** @default 300000 */
                                        testTimeoutMs: number;
                                        /**
                                         * @default [
                                         *       "verified"
                                         *     ]
                                         */
                                        unattended: ("verified" | "implicit" | "choice" | "suggestion")[];
                                    };
                                    report: string;
                                    workspace: string;
                                } | {
                                    baseline: string;
                                    /** @enum {string} */
                                    kind: "bug-reproduced";
                                    reproduction: string;
                                    /** @enum {string} */
                                    source: "named-test" | "matching-test" | "snippet" | "command" | "replayed-calls" | "agent";
                                } | {
                                    findings: string;
                                    /** @enum {string} */
                                    kind: "bug-not-reproduced";
                                } | {
                                    dossier: string;
                                    /** @enum {string} */
                                    kind: "dossier-gathered";
                                } | {
                                    candidate: string;
                                    drafter: string;
                                    /** @enum {string} */
                                    kind: "patch-drafted";
                                    pending: string[];
                                } | {
                                    count: number;
                                    /** @enum {string} */
                                    kind: "pending-dismissed";
                                } | {
                                    findings: string;
                                    /** @enum {string} */
                                    kind: "drafters-exhausted";
                                } | {
                                    candidate: string;
                                    /** @enum {string} */
                                    kind: "patch-minimised";
                                    patch: string;
                                } | {
                                    judgement: string;
                                    /** @enum {string} */
                                    kind: "patch-judged";
                                    /** @enum {string} */
                                    verdict: "fixed" | "still-broken" | "regressed" | "unappliable" | "tampered" | "contested" | "inconclusive" | "contradicting";
                                } | {
                                    candidate: string;
                                    judgement: string;
                                    /** @enum {string} */
                                    kind: "patch-chosen";
                                    /** @enum {string} */
                                    verdict: "fixed" | "contested";
                                } | {
                                    /** @enum {string} */
                                    kind: "proposal-planned";
                                    proposal: string;
                                    /** @enum {string} */
                                    strength?: "verified" | "implicit" | "choice" | "suggestion";
                                } | {
                                    by: string;
                                    /** @enum {string} */
                                    kind: "proposal-approved";
                                } | {
                                    by: string;
                                    /** @enum {string} */
                                    kind: "changes-requested";
                                    lesson: string;
                                } | {
                                    by: string;
                                    edit: string;
                                    /** @enum {string} */
                                    kind: "patch-edited";
                                } | {
                                    by: string;
                                    /** @enum {string} */
                                    kind: "proposal-rejected";
                                    reason: string;
                                } | {
                                    /** @enum {string} */
                                    kind: "proposal-withheld";
                                } | {
                                    by: string;
                                    /** @enum {string} */
                                    kind: "run-steered";
                                    lesson: string;
                                } | {
                                    base: string;
                                    carried?: string;
                                    /** @enum {string} */
                                    kind: "base-moved";
                                } | {
                                    commit: string;
                                    /** @enum {string} */
                                    kind: "proposal-published";
                                    pull?: number;
                                } | {
                                    by?: string;
                                    edited?: boolean;
                                    /** @enum {string} */
                                    kind: "run-settled";
                                    merge?: string;
                                    /** @enum {string} */
                                    outcome: "merged" | "declined" | "delivered" | "abandoned" | "cancelled";
                                    words?: string;
                                } | {
                                    diagnosis: string;
                                    /** @enum {string} */
                                    kind: "run-diagnosed";
                                } | {
                                    detail: string;
                                    /** @enum {string} */
                                    kind: "run-stopped";
                                    /** @enum {string} */
                                    reason: "not-reproduced" | "no-patch" | "needs-a-person" | "refused-by-policy" | "budget-exhausted" | "time-exhausted" | "model-unavailable" | "environment" | "overtaken";
                                } | {
                                    /** @enum {string} */
                                    kind: "run-cancelled";
                                } | {
                                    approved: boolean;
                                    /** @enum {string} */
                                    kind: "patch-reviewed";
                                    lane: string;
                                    lesson?: string;
                                    /** @enum {string} */
                                    objection?: "patch" | "test";
                                    review?: string;
                                } | {
                                    /** @enum {string} */
                                    kind: "reproduction-widened";
                                    reproduction: string;
                                } | {
                                    found: boolean;
                                    /** @enum {string} */
                                    kind: "second-test-sought";
                                    reproduction: string;
                                } | {
                                    conversation: string;
                                    exchange: string;
                                    /** @enum {string} */
                                    kind: "model-answered";
                                    lane: string;
                                    model: string;
                                    money: number;
                                    prompts: string;
                                    request: string;
                                    usage: {
                                        cachedTokens: number;
                                        cacheWriteTokens: number;
                                        inputTokens: number;
                                        outputTokens: number;
                                    };
                                } | {
                                    code: string;
                                    detail: string;
                                    /** @enum {string} */
                                    kind: "step-failed";
                                    step: string;
                                };
                                seq: number;
                                /** @enum {number} */
                                v: 1;
                            }[];
                            next: number | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{run}/journal/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The facts of a run as they happen, as server-sent events; goes on after `Last-Event-ID` */
        get: {
            parameters: {
                query?: {
                    from?: number;
                };
                header?: {
                    "last-event-id"?: string;
                };
                path: {
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description The run is settled, and everything was sent before */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{run}/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the configured model about a run
         * @description The answer is words, not evidence. Server-sent events: `looking` and `words` while it is thought about, then `answer`, or `refused` with a problem. Closing the connection ends it.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    run: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        question: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{run}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new run on the report of a settled one; a parked one goes on */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            run: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{run}/steer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell the next attempt something */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    run: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        words: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sample-alert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deliver a sample alert about a sample repository */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            repository: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who asks */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            by: "token" | "session";
                            name: string;
                            scopes: ("read" | "decide" | "admin" | "upload")[];
                        };
                    };
                };
            };
        };
        put?: never;
        /** Log in with a one-time link */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        link: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            by: "token" | "session";
                            name: string;
                            scopes: ("read" | "decide" | "admin" | "upload")[];
                        };
                    };
                };
            };
        };
        /** Log out */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The settings in effect, without secrets */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            settings: {
                                [key: string]: unknown;
                            };
                            sources: string[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How people may sign in besides by link */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description a code host: GET /login/github begins */
                            host?: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/source-maps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** The map of one minified file of a release; in the place of an earlier one */
        put: {
            parameters: {
                query: {
                    file: string;
                    release: string;
                    service: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": unknown;
                };
            };
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            debugId?: string;
                            sources: number;
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/spend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What models took, in US dollars and tokens: by repository and day (UTC), the newest first */
        get: {
            parameters: {
                query?: {
                    days?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ceilings: {
                                /** @default {} */
                                perDay: {
                                    money?: number;
                                    tokens?: number;
                                };
                                /** @default {} */
                                perRepositoryPerDay: {
                                    money?: number;
                                    tokens?: number;
                                };
                                /** @default {} */
                                perRun: {
                                    money?: number;
                                    tokens?: number;
                                };
                            };
                            items: {
                                day: string;
                                repository: string;
                                reserved: {
                                    money: number;
                                    tokens: number;
                                };
                                spent: {
                                    money: number;
                                    tokens: number;
                                };
                            }[];
                            today: {
                                reserved: {
                                    money: number;
                                    tokens: number;
                                };
                                spent: {
                                    money: number;
                                    tokens: number;
                                };
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the emergency stop is on */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            by?: string;
                            reason?: string;
                            /** Format: date-time */
                            since?: string;
                            stopped: boolean;
                        };
                    };
                };
            };
        };
        /** Begin no new work, or go on */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason?: string;
                        stopped: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            by?: string;
                            reason?: string;
                            /** Format: date-time */
                            since?: string;
                            stopped: boolean;
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** API tokens, without their secrets */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                expiresAt?: string;
                                id: string;
                                /** Format: date-time */
                                lastUsedAt?: string;
                                name: string;
                                /** Format: date-time */
                                revokedAt?: string;
                                scopes: ("read" | "decide" | "admin" | "upload")[];
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        /** Issue a token; its secret is told this once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: date-time */
                        expiresAt?: string;
                        name: string;
                        scopes: ("read" | "decide" | "admin" | "upload")[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            secret: string;
                            token: {
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                expiresAt?: string;
                                id: string;
                                /** Format: date-time */
                                lastUsedAt?: string;
                                name: string;
                                /** Format: date-time */
                                revokedAt?: string;
                                scopes: ("read" | "decide" | "admin" | "upload")[];
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a token */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which workers live, what they drive, and which were lost in the last hour */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                concurrency: number;
                                host: string;
                                id: string;
                                memoryBytes: number;
                                pid: number;
                                runs: string[];
                                silentMs: number;
                                /** Format: date-time */
                                startedAt: string;
                                /** @enum {string} */
                                state: "working" | "paused" | "draining" | "lost";
                            }[];
                        };
                    };
                };
            };
        };
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
        /** The process answers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
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
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hooks/{source}/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An alert source delivers; answered once it is durable */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    key: string;
                    source: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hooks/github": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** GitHub delivers what the app is subscribed to; answered once it is durable */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The one-time login link: opens a session and goes on to the dashboard */
        get: {
            parameters: {
                query: {
                    link: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
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
        /** Prometheus metrics; from elsewhere than this machine with a token */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": {
                            detail?: string;
                            hint?: string;
                            status: number;
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
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
        /** What it needs answers too */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            checks: {
                                name: string;
                                ok: boolean;
                            }[];
                            ready: boolean;
                        };
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            checks: {
                                name: string;
                                ok: boolean;
                            }[];
                            ready: boolean;
                        };
                    };
                };
            };
        };
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
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
