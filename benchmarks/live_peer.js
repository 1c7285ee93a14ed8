// The peer of bench_live.py: socket.io, one room, nothing stored. What it gets by POST goes to everybody at once.
const { Server } = require("socket.io");
const http = require("http").createServer((request, response) => {
  if (request.method !== "POST" || !request.url.startsWith("/note")) return;
  let body = "";
  request.on("data", (part) => { body += part; });
  request.on("end", () => { io.to("wall").emit("note", JSON.parse(body)); response.setHeader("content-length", 7); response.end('{"n":1}'); });
});
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, pingInterval: 60000, pingTimeout: 60000 });
io.on("connection", (socket) => socket.join("wall"));
http.listen(0, "127.0.0.1", 4096, () => console.log(`http://127.0.0.1:${http.address().port}/`));
