/** Records of what is done in the account, by cloud. */
export const TRAILS = [
  "aws:cloudtrail/trail:Trail",
  "alicloud:actiontrail/trail:Trail",
  "tencentcloud:index/auditTrack:AuditTrack",
] as const;
