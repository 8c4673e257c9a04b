import type { RuleTable } from "../rules.ts";

export const logRules: RuleTable = {
  spec: "log",
  standard: {
    title: "Syslog (RFC 5424, RFC 3164), OpenSSH and web servers",
    url: "https://www.rfc-editor.org/rfc/rfc5424",
  },
  newestVersion: null,
  rules: [
    {
      code: "log-no-time",
      severity: "warning",
      meaning: {
        en: "A line has no time that can be read; it counts in no window.",
        zh: "某行没有可读取的时间，不计入任何时段。",
      },
      basis: "RFC 5424 §6.2.3 TIMESTAMP; RFC 3164 §4.1.2",
      about: "time",
    },
    {
      code: "log-future",
      severity: "warning",
      meaning: {
        en: "A line's time is later than its receipt; it counts in no window.",
        zh: "某行的时间晚于接收时间，不计入任何时段。",
      },
      basis: "RFC 5424 §6.2.3 TIMESTAMP",
      about: "time",
    },
    {
      code: "log-no-head",
      severity: "warning",
      meaning: { en: "A priority without a head behind it.", zh: "优先级之后没有报头。" },
      basis: "RFC 5424 §6.2; RFC 3164 §4.1",
    },
    {
      code: "log-long-line",
      severity: "warning",
      meaning: { en: "A line is longer than is looked at.", zh: "某行长度超出读取上限。" },
      basis: "RFC 5424 §6.1 message length; our limit",
    },
    {
      code: "log-too-many",
      severity: "error",
      meaning: { en: "More events than are taken; the rest is dropped.", zh: "事件数超出上限，其余已丢弃。" },
      basis: "our limit",
    },
    {
      code: "log-sshd-invalid-user",
      severity: "info",
      meaning: { en: "An account that does not exist was named.", zh: "使用了不存在的账户。" },
      basis: "OpenSSH sshd",
    },
    {
      code: "log-sshd-disconnect",
      severity: "info",
      meaning: { en: "A connection ended.", zh: "连接已结束。" },
      basis: "OpenSSH sshd",
    },
    {
      code: "log-sshd-reverse-mapping",
      severity: "info",
      meaning: { en: "An address and its name do not fit each other.", zh: "地址与其域名不符。" },
      basis: "OpenSSH sshd",
    },
    {
      code: "log-sshd-no-identification",
      severity: "info",
      meaning: { en: "Somebody who does not speak SSH.", zh: "对方不使用 SSH 协议。" },
      basis: "RFC 4253 §4.2",
    },
    {
      code: "log-sshd-pam",
      severity: "info",
      meaning: { en: "PAM repeats what sshd says itself.", zh: "PAM 重复 sshd 的内容。" },
      basis: "OpenSSH sshd",
    },
    {
      code: "log-sshd-other",
      severity: "info",
      meaning: { en: "Another line of sshd.", zh: "sshd 的其他行。" },
      basis: "OpenSSH sshd",
    },
    {
      code: "log-web-request",
      severity: "info",
      meaning: {
        en: "A request that was answered, or asked for what is not there.",
        zh: "已应答的请求，或请求了不存在的内容。",
      },
      basis: "web servers' error logs",
    },
    {
      code: "log-web-error",
      severity: "info",
      meaning: { en: "Trouble of the web server, about no request.", zh: "网站服务器自身的故障。" },
      basis: "web servers' error logs",
    },
    {
      code: "log-web-notice",
      severity: "info",
      meaning: { en: "The web server about itself.", zh: "网站服务器自身的通知。" },
      basis: "web servers' error logs",
    },
    {
      code: "log-other-program",
      severity: "info",
      meaning: { en: "A program that is not read.", zh: "不读取的程序。" },
      basis: "RFC 5424 §6.2.5 APP-NAME",
    },
    {
      code: "log-unknown-line",
      severity: "info",
      meaning: { en: "Neither syslog nor a web server's line.", zh: "既非 syslog 也非网站服务器的日志行。" },
      basis: "RFC 5424 §6",
    },
  ],
};
