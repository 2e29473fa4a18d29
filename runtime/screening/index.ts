export { ChatStreamScreen } from "./chat-stream.ts";
export { type ReplyVerdict, type RequestVerdict, screenReply, screenRequest } from "./messages.ts";
export { type Hit, Screen, type ScreeningAction, type Verdict } from "./screen.ts";
